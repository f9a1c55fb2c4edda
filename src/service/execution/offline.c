/* What is given out for tests without a server (`test.pack`). */
#include "service/execution/offline.h"

#include "base/hash.h"
#include "base/jtext.h"
#include "service/execution/offline_resource.h"
#include "service/file.h"

#include <string.h>

#define FORMAT "zonewright-offline-1"

/* ---- the text ---- */

/* The run that is given out, or what a run of the plan or case would be. */
static bool terms_load(Call *call, const OfflineTerms *terms, Execution *execution, bool *ret_is_run,
                       GError **error)
{
        Call then = *call;
        g_auto(PinnedGraph) pinned = { 0 };
        g_autoptr(Json) cases = json_object(), keys = json_pack("[s]", terms->of);
        ItemNo item;

        then.at = terms->seq;
        *ret_is_run = false;
        if (!graph_of_call(&then, &pinned, error))
                return false;
        if (graph_find_key(pinned.view, terms->of, &item) &&
            graph_kind(pinned.view, item) == ZW_KIND_TEST_RUN) {
                *ret_is_run = true;
                return execution_load(call->view, &call->project->log, terms->of, terms->seq, execution,
                                      error);
        }
        execution->run = store_item_by_key(call->view, &call->project->log, terms->of, terms->seq, error);
        return execution->run != NULL &&
               execution_cases_find(&then, pinned.view, call->view, keys, terms->seq, cases, error) &&
               execution_of_cases(call->view, &call->project->log, json_incref(cases), terms->seq, execution,
                                  error);
}

static void text_write(JWrite *w, const Call *call, const OfflineTerms *terms, const Execution *execution,
                       bool is_run)
{
        char log[ZW_ID_HEX];

        hex_encode(call->project->log.b, ZW_ID_BYTES, log);
        jwrite_object_begin(w);
        jwrite_key_string(w, "format", FORMAT);
        jwrite_key_string(w, "project", call->project->key);
        jwrite_key_string(w, "log", log);
        jwrite_key_int(w, "commit", (int64_t)terms->seq);
        jwrite_key_string(w, "made", terms->made);
        jwrite_key_string(w, "of", terms->of);
        jwrite_key_bool(w, "run", is_run);
        jwrite_key_string(w, "title", store_item_rev(execution->run)->title);
        jwrite_key_string(w, "stage", is_run ? jread_get_string(execution->attrs, "stage") : terms->stage);
        jwrite_key_string(w, "environment",
                          is_run ? jread_get_string(execution->attrs, "environment") : terms->environment);
        execution_cases_write(w, execution, json_object_get(execution->attrs, "step_results"), NULL);
        jwrite_object_end(w);
}

char *offline_text(Call *call, const OfflineTerms *terms, char **ret_title, size_t *ret_n, GError **error)
{
        g_autoptr(Out) out = out_new(OFFLINE_BYTES_MAX);
        g_auto(Execution) execution = { 0 };
        g_autoptr(GString) text = NULL;
        bool is_run;

        if (!terms_load(call, terms, &execution, &is_run, error))
                return NULL;
        if (is_run && store_item_rev(execution.run)->state != ZW_STATE_IN_PROGRESS) {
                error_set(error, ZW_ERR_STATE, terms->of, "%s is not in progress", terms->of);
                return NULL;
        }
        {
                g_autoptr(JWrite) w = jwrite_new(out);

                text_write(w, call, terms, &execution, is_run);
        }
        if (!out_check(out, error))
                return NULL;
        text = g_string_new_len(out_data(out), (gssize)out_length(out));
        /* It stands within a page: nothing in it begins an element. */
        g_string_replace(text, "<", "\\u003c", 0);
        *ret_title = g_strdup(store_item_rev(execution.run)->title);
        *ret_n = execution.cases->len;
        return g_string_free(g_steal_pointer(&text), FALSE);
}

/* ---- the page ---- */

static GBytes *part(const char *name, GError **error)
{
        g_autofree char *path = g_strdup_printf("/zonewright/offline/%s", name);
        GBytes *bytes = g_resource_lookup_data(offline_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                               NULL);

        if (bytes == NULL)
                error_set(error, ZW_ERR_INTERNAL, path, "it was not compiled in");
        return bytes;
}

typedef struct {
        const char *mark, *with;
        gsize n;
} Filling;

/* Writes a page with its marks filled in; what is filled in is never looked at for marks. */
static bool page_put(int fd, GBytes *page, const Filling *fillings, size_t n, GError **error)
{
        gsize size;
        const char *at = g_bytes_get_data(page, &size), *end = at + size;

        while (at < end) {
                const Filling *next = NULL;
                const char *where = end;

                for (size_t i = 0; i < n; i++) {
                        const char *found = g_strstr_len(at, end - at, fillings[i].mark);

                        if (found != NULL && found < where) {
                                where = found;
                                next = &fillings[i];
                        }
                }
                if (!fd_put(fd, at, (size_t)(where - at), error) ||
                    (next != NULL && !fd_put(fd, next->with, next->n, error)))
                        return false;
                at = next == NULL ? end : where + strlen(next->mark);
        }
        return true;
}

static bool page_write(int fd, const char *text, const char *hash, const char *title, GError **error)
{
        g_autoptr(GBytes) page = part("page.html", error), style = NULL, script = NULL;
        g_autofree char *shown = g_markup_escape_text(title, -1);
        Filling fillings[] = { { "@TITLE@", shown, strlen(shown) },
                               { "@STYLE@", NULL, 0 },
                               { "@SCRIPT@", NULL, 0 },
                               { "@GIVEN@", text, strlen(text) },
                               { "@HASH@", hash, strlen(hash) } };

        if (page == NULL)
                return false;
        style = part("page.css", error);
        script = style == NULL ? NULL : part("page.js", error);
        if (script == NULL)
                return false;
        fillings[1].with = g_bytes_get_data(style, &fillings[1].n);
        fillings[2].with = g_bytes_get_data(script, &fillings[2].n);
        return page_put(fd, page, fillings, G_N_ELEMENTS(fillings), error);
}

bool usecase_test_pack(Call *call, JWrite *w, GError **error)
{
        char made[ZW_INSTANT_TEXT], hex[ZW_DIGEST_HEX];
        const OfflineTerms terms = { .of = jread_get_string(call->input, "key"),
                                     .made = made,
                                     .stage = jread_get_string(call->input, "stage"),
                                     .environment = jread_get_string(call->input, "environment"),
                                     .seq = call->at };
        g_autofree char *title = NULL, *text = NULL;
        Digest digest;
        size_t n;

        if (terms.of == NULL || call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, "/key",
                          "name a plan, a test case or a run, and give one file");
                return false;
        }
        instant_format(call->instant, made);
        text = offline_text(call, &terms, &title, &n, error);
        if (text == NULL)
                return false;
        digest = hash_sha256(text, strlen(text));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        if (!page_write(call->files.files[0].fd, text, hex, title, error))
                return false;
        jwrite_object_begin(w);
        jwrite_key_string(w, "of", terms.of);
        jwrite_key_string(w, "hash", hex);
        jwrite_key_int(w, "commit", (int64_t)terms.seq);
        jwrite_key_int(w, "cases", (int64_t)n);
        jwrite_object_end(w);
        return true;
}

/* ---- differences ---- */

enum { DIFFERENCES_SHOWN = 5, SHOWN_BYTES = 200 };

/* What the page says is as long as who altered it likes. */
static void shown_append(GString *list, const char *text)
{
        g_string_append_len(list, text, (gssize)utf8_prefix(text, MIN(strlen(text), SHOWN_BYTES)));
}

static void value_append(GString *list, const char *before, const json_t *value)
{
        g_autofree char *text = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

        g_string_append(list, before);
        shown_append(list, text == NULL ? "not there" : text);
}

static void difference_add(GString *list, size_t *n, const char *path, const json_t *given,
                           const json_t *returned)
{
        if ((*n)++ >= DIFFERENCES_SHOWN)
                return;
        if (list->len > 0)
                g_string_append(list, "; ");
        shown_append(list, path);
        value_append(list, " was ", given);
        value_append(list, " and is ", returned);
}

static void differences_find(GString *list, size_t *n, const char *path, const json_t *given,
                             const json_t *returned)
{
        const char *key;
        json_t *value;
        size_t i;

        if (json_is_object(given) && json_is_object(returned)) {
                json_object_foreach((json_t *)(uintptr_t)given, key, value)
                {
                        g_autofree char *below = g_strdup_printf("%s/%s", path, key);

                        differences_find(list, n, below, value, json_object_get(returned, key));
                }
                json_object_foreach((json_t *)(uintptr_t)returned, key, value)
                {
                        g_autofree char *below = g_strdup_printf("%s/%s", path, key);

                        if (json_object_get(given, key) == NULL)
                                difference_add(list, n, below, NULL, value);
                }
        } else if (json_is_array(given) && json_is_array(returned)) {
                for (i = 0; i < MAX(json_array_size(given), json_array_size(returned)); i++) {
                        g_autofree char *below = g_strdup_printf("%s/%zu", path, i);

                        differences_find(list, n, below, json_array_get(given, i),
                                         json_array_get(returned, i));
                }
        } else if (given == NULL || returned == NULL || !json_equal(given, returned))
                difference_add(list, n, path, given, returned);
}

char *offline_differences(const json_t *given, const json_t *returned)
{
        GString *list = g_string_new(NULL);
        size_t n = 0;

        differences_find(list, &n, "", given, returned);
        if (n > DIFFERENCES_SHOWN)
                g_string_append_printf(list, "; and %zu more", n - DIFFERENCES_SHOWN);
        return g_string_free(list, FALSE);
}
