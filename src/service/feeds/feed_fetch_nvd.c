/* The CVE API 2.0 of the NVD: pages of what was modified in stretches of at most 120 days, or of all there is. A server whose totals
 * are not what it gives is not believed. Source of the limits: the description of the API at nvd.nist.gov/developers. */
#include "service/feeds/feed_fetch.h"

#include "base/error.h"
#include "base/secret.h"

#include <string.h>

enum { PAGE = 2000, PAGES_MAX = 100000, KEY_MAX = 200, OVERLAP_MS = 10 * 60 * 1000 };

#define WINDOW_MS (119 * ZW_DAY_MS)

typedef struct {
        FeedFetch *fetch;
        char *key_field;     /* or NULL */
        Instant told;        /* the time of the first page, by the server's clock; 0 */
        Instant from, until; /* of the window; 0: all there is */
        int number;          /* of the window */
} Nvd;

static void nvd_clear(Nvd *nvd)
{
        if (nvd->key_field != NULL)
                secret_wipe(nvd->key_field, strlen(nvd->key_field));
        g_free(nvd->key_field);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Nvd, nvd_clear)

static bool key_read(Nvd *nvd, GError **error)
{
        const char *path = nvd->fetch->rules->nvd_key_file;
        g_autofree char *text = NULL;
        gsize n;

        if (path == NULL)
                return true;
        if (!g_file_get_contents(path, &text, &n, NULL) || n > KEY_MAX) {
                error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_FEEDS_NVD_KEY),
                          "%s holds no key that can be read", path);
                return false;
        }
        nvd->key_field = g_strconcat("apiKey: ", g_strstrip(text), NULL);
        secret_wipe(text, n);
        return true;
}

/* ---- a page ---- */

typedef struct {
        int64_t start, total, held;
        const char *time; /* or NULL */
} Page;

static char *page_url(const Nvd *nvd, int64_t start)
{
        const char *url = nvd->fetch->url;
        GString *text = g_string_new(url);
        char from[ZW_INSTANT_TEXT], until[ZW_INSTANT_TEXT];

        g_string_append_printf(text, "%cresultsPerPage=%d&startIndex=%" G_GINT64_FORMAT,
                               strchr(url, '?') == NULL ? '?' : '&', PAGE, start);
        if (nvd->until == 0)
                return g_string_free(text, FALSE);
        instant_format(nvd->from, from);
        instant_format(nvd->until, until);
        g_string_append_printf(text, "&lastModStartDate=%s&lastModEndDate=%s", from, until);
        return g_string_free(text, FALSE);
}

/* A figure that may be a number or its text. */
static int64_t figure_int(const json_t *figures, const char *name, int64_t fallback)
{
        const char *text = jread_get_string(figures, name);
        gint64 value;

        if (text != NULL && g_ascii_string_to_signed(text, 10, 0, G_MAXINT32, &value, NULL))
                return value;
        return jread_get_int(figures, name, fallback);
}

static bool page_refuse(const Nvd *nvd, const Page *page, const char *what, GError **error)
{
        error_set(error, ZW_ERR_INPUT, nvd->fetch->url,
                  "the page from %" G_GINT64_FORMAT ": %s (it says %" G_GINT64_FORMAT
                  " in all, and holds %" G_GINT64_FORMAT ")",
                  page->start, what, page->total, page->held);
        return false;
}

/* The time of a page is that of the server, UTC without saying so. */
static void time_note(Nvd *nvd, const json_t *figures)
{
        const char *text = jread_get_string(figures, "timestamp");
        g_autofree char *utc = g_strconcat(text == NULL ? "" : text, "Z", NULL);

        if (nvd->told == 0 && !instant_parse(text == NULL ? "" : text, &nvd->told, NULL) &&
            !instant_parse(utc, &nvd->told, NULL))
                nvd->told = 0;
}

static bool page_fetch(Nvd *nvd, int64_t start, Page *ret_page, GError **error)
{
        g_autofree char *url = page_url(nvd, start),
                        *name = g_strdup_printf("page-%d-%" G_GINT64_FORMAT ".json", nvd->number, start);
        const char *fields[] = { nvd->key_field, NULL };
        const FeedGet get = { .url = url, .name = name, .fields = fields };
        g_auto(FeedGot) got = { 0 };
        g_autoptr(Json) figures = NULL;

        if (!feed_get(nvd->fetch, &get, &got, error) ||
            !feed_read(nvd->fetch, got.path, "nvd", NULL, NULL, &figures, error))
                return false;
        *ret_page = (Page){ .start = start,
                            .total = figure_int(figures, "totalResults", -1),
                            .held = figure_int(figures, "cves", 0) };
        time_note(nvd, figures);
        if (figure_int(figures, "startIndex", start) != start)
                return page_refuse(nvd, ret_page, "another page was asked for", error);
        if (ret_page->held > 0)
                g_ptr_array_add(nvd->fetch->files, g_steal_pointer(&got.path));
        return got.was_there || feed_wait(nvd->fetch, nvd->fetch->rules->nvd_pause_ms, error);
}

/* ---- a window ---- */

/* The list may grow while it is read; it never shrinks, ends before its end, or goes on behind it. */
static bool window_fetch(Nvd *nvd, GError **error)
{
        int64_t start = 0, total = 0;

        for (int i = 0; i < PAGES_MAX; i++) {
                Page page;

                if (!page_fetch(nvd, start, &page, error))
                        return false;
                if (page.total < total)
                        return page_refuse(nvd, &page, "there are fewer than before", error);
                total = page.total;
                start += page.held;
                if (start > total)
                        return page_refuse(nvd, &page, "there are more than it says", error);
                if (start == total) {
                        nvd->fetch->expected += total;
                        return true;
                }
                if (page.held == 0)
                        return page_refuse(nvd, &page, "it ends before its end", error);
        }
        error_set(error, ZW_ERR_LIMIT, nvd->fetch->url, "there are more than %d pages", PAGES_MAX);
        return false;
}

static bool windows_fetch(Nvd *nvd, Instant since, GError **error)
{
        if (since == 0)
                return window_fetch(nvd, error);
        for (Instant from = since - OVERLAP_MS; from < nvd->fetch->now; from += WINDOW_MS) {
                nvd->from = from;
                nvd->until = MIN(from + WINDOW_MS, nvd->fetch->now);
                nvd->number++;
                if (!window_fetch(nvd, error))
                        return false;
        }
        return true;
}

bool feed_fetch_nvd(FeedFetch *fetch, GError **error)
{
        g_autoptr(Json) before = feed_cursor_read(fetch->cursor), after = NULL;
        const char *since = jread_get_string(before, "until");
        g_auto(Nvd) nvd = { .fetch = fetch };
        char text[ZW_INSTANT_TEXT];
        Instant from = 0;

        if (since != NULL && !instant_parse(since, &from, NULL))
                from = 0;
        fetch->format = "nvd";
        fetch->expected = 0;
        if (!key_read(&nvd, error) || !windows_fetch(&nvd, from, error))
                return false;
        /* The server's clock counts: what it has modified since its first page is asked for the next time. */
        instant_format(nvd.told > 0 ? MIN(nvd.told, fetch->now) : fetch->now, text);
        after = json_pack("{s:s}", "until", text);
        fetch->next = feed_cursor_text(after);
        fetch->current = fetch->files->len == 0;
        return true;
}
