#include "base/jdoc.h"

#include "base/error.h"
#include "base/jcheck.h"
#include "base/jdoc_shim.h"
#include "base/jtext.h"

#include <string.h>

static void set_error_at(GError **error, ZwErrorCode code, size_t at, const char *message)
{
        g_autofree char *where = g_strdup_printf("byte %zu", at);

        error_set(error, code, where, "%s", message);
}

/* simdjson refused the text; finds out where and why. `skipped` bytes lie before it. */
static void explain(const char *text, size_t n, size_t skipped, size_t depth_max, const char *message,
                    GError **error)
{
        size_t valid = utf8_prefix(text, n);
        JFault fault;

        if (valid < n)
                set_error_at(error, ZW_ERR_ENCODING, skipped + valid, "the text is not valid UTF-8");
        else if (jcheck_text(text, n, depth_max, &fault))
                error_set(error, ZW_ERR_INPUT, NULL, "not valid JSON: %s", message);
        else
                set_error_at(error, fault.deep ? ZW_ERR_LIMIT : ZW_ERR_INPUT, skipped + fault.at,
                             fault.message);
}

JDoc *jdoc_parse(GBytes *bytes, size_t depth_max, GError **error)
{
        size_t n, skipped = 0;
        const char *text = g_bytes_get_data(bytes, &n);
        const char *message = NULL;
        JDoc *doc = NULL;

        depth_max = CLAMP(depth_max, 1, (size_t)ZW_JCHECK_DEPTH_MAX);
        if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
                skipped = 3;
        if (n == skipped) {
                set_error_at(error, ZW_ERR_INPUT, n, "the text is empty");
                return NULL;
        }

        switch (jshim_parse(text + skipped, n - skipped, depth_max, &doc, &message)) {
        case JSHIM_OK:
                break;
        case JSHIM_SYNTAX:
        case JSHIM_DEPTH:
                explain(text + skipped, n - skipped, skipped, depth_max, message, error);
                break;
        case JSHIM_MEMORY:
                error_set(error, ZW_ERR_LIMIT, NULL, "%zu bytes of JSON need more memory than there is", n);
                break;
        }
        return doc;
}
