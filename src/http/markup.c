#include "http/markup.h"

#include <string.h>

void markup_text(Out *out, const char *text)
{
        for (const char *at = text; *at != '\0'; at++) {
                switch (*at) {
                case '&':
                        out_text(out, "&amp;");
                        break;
                case '<':
                        out_text(out, "&lt;");
                        break;
                case '>':
                        out_text(out, "&gt;");
                        break;
                case '"':
                        out_text(out, "&quot;");
                        break;
                case '\'':
                        out_text(out, "&#39;");
                        break;
                default:
                        out_char(out, *at);
                }
        }
}

void markup_url(Out *out, const char *text)
{
        for (const char *at = text; *at != '\0'; at++) {
                if (g_ascii_isalnum(*at) || strchr("-_.~", *at) != NULL)
                        out_char(out, *at);
                else
                        out_format(out, "%%%02X", (unsigned char)*at);
        }
}
