/* The user interface: the page that starts it, at every address it has a page at, and the files that page loads. */
#include "http/assets.h"
#include "http/route.h"

#include "base/error.h"

#include <string.h>

/* Scripts and styles come from here alone, nothing is made from text (no policy of trusted types exists), and no other
 * page may frame this one. */
static const char app_policy[] =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'";

static const Asset *asset_find(const char *name)
{
        size_t n;
        const Asset *assets = assets_table(&n);

        for (size_t i = 0; i < n; i++)
                if (strcmp(assets[i].name, name) == 0)
                        return &assets[i];
        return NULL;
}

static void asset_reply(const Asset *asset, bool packed, HttpReply *reply)
{
        reply_clear(reply);
        *reply = (HttpReply){ .status = 200,
                              .type = asset->type,
                              .body = packed ? g_bytes_new_static(asset->packed, asset->n_packed)
                                             : g_bytes_new_static(asset->plain, asset->n_plain),
                              .encoding = packed ? "gzip" : NULL,
                              .varies = true,
                              .policy = app_policy };
}

bool app_asset(const RouteCall *call, HttpReply *reply, GError **error)
{
        const Asset *asset = asset_find(jread_get_string(call->input, "file"));

        if (asset == NULL || strcmp(asset->name, "index.html") == 0) {
                error_set(error, ZW_ERR_NOT_FOUND, NULL, "there is nothing at this address");
                return false;
        }
        asset_reply(asset, request_takes_gzip(call->request), reply);
        reply->immutable = true;
        return true;
}

bool app_has_page(const char *name)
{
        size_t n;
        const char *const *pages = assets_pages(&n);

        for (size_t i = 0; i < n; i++)
                if (strcmp(pages[i], name) == 0)
                        return true;
        return false;
}

bool app_page(const RouteCall *call, HttpReply *reply, GError **error)
{
        const Asset *asset = asset_find("index.html");

        if (asset == NULL) {
                error_set(error, ZW_ERR_INTERNAL, NULL, "the program was built without its pages");
                return false;
        }
        asset_reply(asset, request_takes_gzip(call->request), reply);
        return true;
}
