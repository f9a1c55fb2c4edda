/* What differs between two revisions of what an item holds (`content.diff`). */
#include "service/content/content.h"

#include "base/hash.h"

#include <string.h>

enum { CONTEXT_LINES = 3, LINES_SHOWN_MAX = 5000 };

void content_diff_clear(ContentDiff *diff)
{
        g_clear_pointer(&diff->lines, g_array_unref);
        g_clear_pointer(&diff->before, g_bytes_unref);
        g_clear_pointer(&diff->after, g_bytes_unref);
}

/* ---- comparing ---- */

/* *ret_bytes NULL when it is larger than is compared, or no text. */
static bool text_load(Call *call, const char *hex, GBytes **ret_bytes, GError **error)
{
        g_autoptr(GError) why = NULL;
        g_autoptr(GBytes) bytes = NULL;
        Digest digest;
        gsize n;
        const char *text;

        if (!hex_decode(hex, digest.b, ZW_DIGEST_BYTES, error))
                return false;
        bytes = store_blob_load(call->service->store, &digest, CONTENT_DIFF_BYTES_MAX, &why);
        if (bytes == NULL && !g_error_matches(why, ZW_ERROR, ZW_ERR_LIMIT)) {
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        text = bytes == NULL ? NULL : g_bytes_get_data(bytes, &n);
        if (text != NULL && g_utf8_validate_len(text, n, NULL) && memchr(text, 0, n) == NULL)
                *ret_bytes = g_steal_pointer(&bytes);
        return true;
}

static bool is_volatile(const LineDiff *line, const json_t *beginnings)
{
        const json_t *one;
        size_t i;

        json_array_foreach(beginnings, i, one)
        {
                const size_t n = json_string_length(one);

                if (n > 0 && line->n >= n && memcmp(line->text, json_string_value(one), n) == 0)
                        return true;
        }
        return false;
}

bool content_diff(Call *call, const char *before, const char *after, const json_t *attrs,
                  ContentDiff *ret_diff, GError **error)
{
        const json_t *beginnings = json_object_get(attrs, "volatile");
        const char *a, *b;
        gsize n, m;

        ret_diff->same = strcmp(before, after) == 0;
        if (!text_load(call, before, &ret_diff->before, error) ||
            !text_load(call, after, &ret_diff->after, error))
                return false;
        if (ret_diff->before == NULL || ret_diff->after == NULL)
                return true;
        a = g_bytes_get_data(ret_diff->before, &n);
        b = g_bytes_get_data(ret_diff->after, &m);
        ret_diff->lines = linediff(a, n, b, m);
        for (guint i = 0; i < ret_diff->lines->len; i++) {
                const LineDiff *line = &g_array_index(ret_diff->lines, LineDiff, i);

                if (line->change == LINE_SAME || is_volatile(line, beginnings))
                        continue;
                ret_diff->gone += line->change == LINE_GONE;
                ret_diff->fresh += line->change == LINE_NEW;
        }
        ret_diff->same = ret_diff->gone + ret_diff->fresh == 0;
        return true;
}

/* ---- telling ---- */

/* A line near one that differs. */
static bool is_near(const GArray *lines, guint at)
{
        for (guint i = at < CONTEXT_LINES ? 0 : at - CONTEXT_LINES; i <= at + CONTEXT_LINES && i < lines->len;
             i++)
                if (g_array_index(lines, LineDiff, i).change != LINE_SAME)
                        return true;
        return false;
}

static void number_write(JWrite *w, const char *member, guint number)
{
        if (number == 0)
                jwrite_key_null(w, member);
        else
                jwrite_key_int(w, member, number);
}

static void lines_write(JWrite *w, const ContentDiff *diff)
{
        guint shown = 0;

        jwrite_key(w, "lines");
        jwrite_array_begin(w);
        for (guint i = 0; diff->lines != NULL && i < diff->lines->len && shown < LINES_SHOWN_MAX; i++) {
                const LineDiff *line = &g_array_index(diff->lines, LineDiff, i);

                if (!is_near(diff->lines, i))
                        continue;
                shown++;
                jwrite_object_begin(w);
                jwrite_key_string(w, "change", line_change_name(line->change));
                number_write(w, "before", line->before);
                number_write(w, "after", line->after);
                jwrite_key(w, "text");
                jwrite_string_n(w, line->text, line->n);
                jwrite_object_end(w);
        }
        jwrite_array_end(w);
        jwrite_key_bool(w, "cut", shown == LINES_SHOWN_MAX);
}

/* Two revisions with content: those asked for, or the newest and the one before it. */
typedef struct {
        guint64 from, to; /* 0: not asked for */
        Seq at;
        char *before, *after;
        int64_t rev_before, rev_after;
} Pair;

static bool pair_see(const ItemRev *rev, void *payload, GError **error)
{
        Pair *pair = payload;
        g_auto(Content) content = { 0 };

        if (rev->from_seq > pair->at || (pair->to > 0 && rev->rev > pair->to))
                return true;
        if (!content_read(rev, &content, error))
                return false;
        if (content.hash == NULL || g_strcmp0(content.hash, pair->after) == 0)
                return true;
        if (pair->from == 0 || rev->rev <= pair->from) {
                g_free(pair->before);
                pair->before = pair->from == 0 ? g_steal_pointer(&pair->after) : g_strdup(content.hash);
                pair->rev_before = pair->from == 0 ? pair->rev_after : rev->rev;
        }
        g_free(pair->after);
        pair->after = g_strdup(content.hash);
        pair->rev_after = rev->rev;
        return true;
}

static bool number_read(const Call *call, const char *member, guint64 *ret_number, GError **error)
{
        const char *text = jread_get_string(call->input, member);

        *ret_number = 0;
        if (text == NULL || g_ascii_string_to_unsigned(text, 10, 1, UINT32_MAX, ret_number, NULL))
                return true;
        error_set(error, ZW_ERR_USAGE, member, "\"%s\" is no number of a revision", text);
        return false;
}

static void diff_write(JWrite *w, const char *key, const Pair *pair, const ContentDiff *diff)
{
        jwrite_object_begin(w);
        jwrite_key_string(w, "key", key);
        jwrite_key_int(w, "from", pair->rev_before);
        jwrite_key_int(w, "to", pair->rev_after);
        jwrite_key_bool(w, "same", diff->same);
        jwrite_key_bool(w, "text", diff->lines != NULL);
        jwrite_key_int(w, "gone", diff->gone);
        jwrite_key_int(w, "new", diff->fresh);
        lines_write(w, diff);
        jwrite_object_end(w);
}

bool usecase_content_diff(Call *call, JWrite *w, GError **error)
{
        g_autoptr(StoreItem) item = content_item(call, error);
        g_auto(ContentDiff) diff = { 0 };
        Pair pair = { .at = call->at };
        g_autofree char *before = NULL, *after = NULL;
        g_auto(Content) content = { 0 };
        bool ok;

        if (item == NULL || !number_read(call, "from", &pair.from, error) ||
            !number_read(call, "to", &pair.to, error) || !content_read(store_item_rev(item), &content, error))
                return false;
        ok = store_each_revision(call->view, &call->project->log, store_item_rev(item)->no, pair_see, &pair,
                                 error);
        before = pair.before;
        after = pair.after;
        if (!ok)
                return false;
        if (before == NULL || after == NULL) {
                error_set(error, ZW_ERR_NOT_FOUND, "/key", "%s has no two revisions of its content there",
                          store_item_rev(item)->key);
                return false;
        }
        if (!content_diff(call, before, after, content.attrs, &diff, error))
                return false;
        diff_write(w, store_item_rev(item)->key, &pair, &diff);
        return true;
}
