#include "report/anchor.h"

void anchor_append(GString *anchor, const char *text)
{
        for (; *text != '\0'; text++)
                if (g_ascii_isalnum(*text) || *text == '-' || *text == '_' || *text == '.')
                        g_string_append_c(anchor, *text);
                else
                        g_string_append_printf(anchor, "~%02x", (unsigned char)*text);
}

char *anchor_url(const char *report, const char *anchor)
{
        return report == NULL ? g_strconcat("#", anchor, NULL) : g_strconcat(report, ".html#", anchor, NULL);
}

char *anchor_item_url(const char *key)
{
        GString *url = g_string_new("#item-");

        anchor_append(url, key);
        return g_string_free(url, FALSE);
}
