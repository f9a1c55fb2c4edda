/* What is recorded beside items and links: results of test runs, attached files, settings. Comments: resolve_comment.c. */
#include "service/changeset/resolve.h"

#include "base/near.h"
#include "model/operation.h"
#include "model/results.h"
#include "model/triage.h"
#include "service/findings/decision.h"
#include "service/interchange/profiles.h"
#include "service/proof/retention.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- results ---- */

typedef struct {
        Known *run;
        GArray *lines; /* of ResultLine */
        json_t *first; /* the operation that began it */
        guint32 first_n;
} RunLines;

void run_lines_free(gpointer data)
{
        RunLines *lines = data;

        g_array_unref(lines->lines);
        json_decref(lines->first);
        g_free(lines);
}

static RunLines *lines_of(Resolver *r, Known *run)
{
        RunLines *lines = g_hash_table_lookup(r->runs, run->id);

        if (lines != NULL)
                return lines;
        lines = g_new0(RunLines, 1);
        lines->run = run;
        lines->lines = results_new();
        lines->first = json_incref(r->op);
        lines->first_n = r->op_n;
        g_hash_table_insert(r->runs, g_strdup(run->id), lines);
        return lines;
}

/* The newest result of a case counts, so one of a time to come would outlast all that fail until then. Clocks and time zones
 * differ by less than a day. */
static bool time_read(Resolver *r, const char *text, Instant *ret_at, GError **error)
{
        g_autoptr(GError) why = NULL;
        const Instant now = instant_now();
        char says[ZW_INSTANT_TEXT];

        if (!instant_parse(text, ret_at, &why)) {
                error_set_where(why, "/at");
                g_propagate_error(error, g_steal_pointer(&why));
                return false;
        }
        if (r->context->states || *ret_at <= now + ZW_DAY_MS)
                return true;
        instant_format(now, says);
        error_set(error, ZW_ERR_INPUT, "/at", "no result is of a time to come: it says %s, the clock %s",
                  text, says);
        return false;
}

static bool result_read(Resolver *r, const json_t *op, ResultLine *line, GError **error)
{
        const char *status = jread_get_string(op, "status"), *at = jread_get_string(op, "at");

        if (status == NULL || !result_status_find(status, &line->status)) {
                error_set(error, ZW_ERR_INPUT, "/status", "a status is passed, failed, error or skipped");
                return false;
        }
        if (at != NULL)
                return time_read(r, at, &line->at, error);
        error_set(error, ZW_ERR_INPUT, "/at", "a result has a time");
        return false;
}

bool resolve_result(Resolver *r, const json_t *op, GError **error)
{
        Known *test_case, *run;
        ResultLine line = { 0 };

        if (!resolver_find_named(r, op, "case", &test_case, error) ||
            !resolver_find_named(r, op, "run", &run, error))
                return false;
        if (test_case->kind != ZW_KIND_TEST_CASE || run->kind != ZW_KIND_TEST_RUN) {
                error_set(error, ZW_ERR_METAMODEL, "/case", "a result joins a test_case and a test_run");
                return false;
        }
        if (!resolver_may_change(r, ZW_KIND_TEST_RUN, error) || !result_read(r, op, &line, error) ||
            !hex_decode(test_case->id, line.test_case.b, ZW_ID_BYTES, error))
                return false;
        resolver_touch(r, test_case->id);
        line.message = g_strdup(jread_get_string(op, "message"));
        g_array_append_val(lines_of(r, run)->lines, line);
        return true;
}

static bool run_emit(Resolver *r, RunLines *lines, GError **error)
{
        g_autoptr(GBytes) file = results_encode(lines->lines, error);
        const ResolveContext *context = r->context;
        char hex[ZW_DIGEST_HEX];
        bool has = false;
        const void *bytes;
        Digest digest;
        gsize n;

        if (file == NULL || !resolver_may_change(r, ZW_KIND_TEST_RUN, error))
                return false;
        bytes = g_bytes_get_data(file, &n);
        digest = hash_sha256(bytes, n);
        if (lines->run->no != ZW_ITEM_NONE &&
            !store_has_results(context->view, &context->log, lines->run->no, &digest, &has, error))
                return false;
        if (has)
                return true;
        /* A dry run makes no file; it only has to know its name. */
        if (!context->dry && !store_blob_put(context->store, file, &digest, error))
                return false;
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:s, s:i}", "op", "results", "run", lines->run->id, "file", hex,
                                "n", (int)lines->lines->len));
        json_object_set_new(r->outcome, "results",
                            json_integer(jread_get_int(r->outcome, "results", 0) + lines->lines->len));
        return true;
}

static int by_id(gconstpointer a, gconstpointer b)
{
        return strcmp(a, b);
}

bool resolver_emit_results(Resolver *r, GError **error)
{
        g_autoptr(GList) runs = g_list_sort(g_hash_table_get_keys(r->runs), by_id);

        for (GList *run = runs; run != NULL; run = run->next) {
                RunLines *lines = g_hash_table_lookup(r->runs, run->data);

                json_decref(r->op);
                r->op = json_incref(lines->first);
                r->op_n = lines->first_n;
                if (!run_emit(r, lines, error))
                        return false;
        }
        return true;
}

/* ---- attached files ---- */

/* An import attaches content once, whatever the file is called today; a person says each name. */
static bool is_attached(const Resolver *r, const Known *known, const char *name, const char *digest)
{
        const json_t *one;
        size_t i;

        json_array_foreach(json_object_get(known->members, "attachments"), i, one)
        {
                if (g_strcmp0(jread_get_string(one, "sha256"), digest) == 0 &&
                    (r->context->merge || g_strcmp0(jread_get_string(one, "name"), name) == 0))
                        return true;
        }
        return false;
}

/* The size of a file that is in the store; one that is yet to be put there comes with its size. */
static bool size_of(Resolver *r, const json_t *op, const Digest *digest, json_int_t *ret_size, GError **error)
{
        const json_t *given = json_object_get(op, "size");
        struct stat facts = { 0 };
        int fd;

        *ret_size = json_integer_value(given);
        if (json_is_integer(given))
                return true;
        fd = store_blob_open(r->context->store, digest, error);
        if (fd < 0)
                return false;
        if (fstat(fd, &facts) != 0)
                facts.st_size = 0;
        close(fd);
        *ret_size = facts.st_size;
        return true;
}

/* A file takes the place of the one of its name. */
static void attachment_put(json_t *attachments, const char *name, const char *digest)
{
        for (size_t i = json_array_size(attachments); i > 0; i--)
                if (g_strcmp0(jread_get_string(json_array_get(attachments, i - 1), "name"), name) == 0)
                        json_array_remove(attachments, i - 1);
        json_array_append_new(attachments, json_pack("{s:s, s:s}", "name", name, "sha256", digest));
}

static void attach_write(Resolver *r, Known *known, const char *name, const char *digest, json_int_t size,
                         const char *media)
{
        json_t *attachments = json_object_get(known->members, "attachments");

        if (!json_is_array(attachments)) {
                attachments = json_array();
                json_object_set_new(known->members, "attachments", attachments);
        }
        attachment_put(attachments, name, digest);
        known->fresh = true;
        known->rev++;
        known->author = r->context->actor;
        resolver_emit(r, known,
                      json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:I, s:s}", "op", "attach", "id", known->id,
                                "rev", (int)known->rev, "subst", (int)known->subst, "name", name, "sha256",
                                digest, "size", size, "media", media));
        resolver_count(r, "attached", kind_def(known->kind)->name);
}

bool resolve_attach(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "item", "name", "digest", "size", "media" };
        const char *name = jread_get_string(op, "name"), *hex = jread_get_string(op, "digest"),
                   *media = jread_get_string(op, "media");
        Known *known;
        Digest digest;
        json_int_t size;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) ||
            !resolver_find_named(r, op, "item", &known, error) || !resolver_may_change(r, known->kind, error))
                return false;
        if (name == NULL || name[0] == '\0' || strlen(name) > ZW_NAME_MAX) {
                error_set(error, ZW_ERR_INPUT, "/name", "an attachment has a name of 1 to %d bytes",
                          ZW_NAME_MAX);
                return false;
        }
        if (hex == NULL || !hex_decode(hex, digest.b, ZW_DIGEST_BYTES, NULL)) {
                error_set(error, ZW_ERR_INPUT, "/digest", "a digest has %d lower-case hex digits",
                          ZW_DIGEST_HEX - 1);
                return false;
        }
        if (is_attached(r, known, name, hex))
                return true;
        if (!resolver_may_alter(r, known, error))
                return false;
        if (!size_of(r, op, &digest, &size, error))
                return false;
        attach_write(r, known, name, hex, size, media == NULL ? "application/octet-stream" : media);
        return true;
}

bool resolve_detach(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "item", "name" };
        const char *name = jread_get_string(op, "name");
        json_t *attachments;
        Known *known;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error) ||
            !resolver_find_named(r, op, "item", &known, error) || !resolver_may_change(r, known->kind, error))
                return false;
        attachments = json_object_get(known->members, "attachments");
        for (size_t i = 0; i < json_array_size(attachments); i++) {
                if (g_strcmp0(jread_get_string(json_array_get(attachments, i), "name"), name) != 0)
                        continue;
                if (!resolver_may_alter(r, known, error))
                        return false;
                json_array_remove(attachments, i);
                known->fresh = true;
                known->rev++;
                known->author = r->context->actor;
                resolver_emit(r, known,
                              json_pack("{s:s, s:s, s:i, s:i, s:s}", "op", "detach", "id", known->id, "rev",
                                        (int)known->rev, "subst", (int)known->subst, "name", name));
                resolver_count(r, "detached", kind_def(known->kind)->name);
                return true;
        }
        error_set(error, ZW_ERR_NOT_FOUND, "/name", "%s has no attachment \"%s\"", known->key,
                  name == NULL ? "" : name);
        return false;
}

/* ---- settings ---- */

static bool setting_write(Resolver *r, const char *name, json_t *value, GError **error)
{
        g_autofree char *now = NULL;
        g_autoptr(Json) before = NULL;

        if (!store_load_setting(r->context->view, &r->context->log, name, ZW_SEQ_OPEN - 1, &now, error))
                return false;
        before = now == NULL ? json_null() : json_loads(now, JSON_DECODE_ANY, NULL);
        if (!json_equal(before, value))
                resolver_emit(r, NULL,
                              json_pack("{s:s, s:s, s:O}", "op", "setting", "name", name, "value", value));
        return true;
}

/* How a sheet was laid out (exchange/sheet.c), by the system its rows come from. */
static bool is_layout(const char *name)
{
        return g_str_has_prefix(name, "sheet:") && strlen(name) <= ZW_NAME_MAX;
}

static bool risk_method_write(Resolver *r, const char *name, json_t *value, GError **error)
{
        bool is_new;

        return resolve_risk_method(r, name + strlen("risk_method:"), value, &is_new, error) &&
               (!is_new || setting_write(r, name, value, error));
}

/* Null puts the policy that comes with the program back. */
static bool policy_check(const char *name, const json_t *value, GError **error)
{
        const bool of_triage = strcmp(name, ZW_TRIAGE_SETTING) == 0;
        g_autoptr(TriagePolicy) triage = NULL;
        g_autoptr(OperationPolicy) operation = NULL;

        if (json_is_null(value))
                return true;
        if (of_triage)
                triage = triage_policy_read(value, error);
        else
                operation = operation_policy_read(value, error);
        if (triage != NULL || operation != NULL)
                return true;
        g_prefix_error(error, "%s: ", name);
        return false;
}

bool resolve_setting(Resolver *r, const json_t *op, GError **error)
{
        static const char *const names[] = { "op", "name", "value" };
        static const char *const known[] = { "separation_of_duties", "dual_approval" };
        const char *given = jread_get_string(op, "name"), *name = given == NULL ? "" : given;
        json_t *value = json_object_get(op, "value");
        g_autofree char *near = NULL;

        if (!resolver_names_check(op, names, G_N_ELEMENTS(names), error))
                return false;
        if (json_is_object(value) && is_layout(name))
                return resolver_may(r, ZW_PERM_IMPORT, "the layout of a sheet", error) &&
                       setting_write(r, name, value, error);
        if (value != NULL && g_str_has_prefix(name, "profile:"))
                return resolver_may(r, ZW_PERM_IMPORT, "a column mapping", error) &&
                       project_profile_check(name + strlen("profile:"), value, error) &&
                       setting_write(r, name, value, error);
        if (value != NULL && g_str_has_prefix(name, ZW_DECISION_PREFIX))
                return resolver_may_change(r, ZW_KIND_FINDING, error) &&
                       decision_check(name + strlen(ZW_DECISION_PREFIX), value, error) &&
                       setting_write(r, name, value, error);
        if (!resolver_may(r, ZW_PERM_ADMIN, "a setting", error))
                return false;
        if (value != NULL &&
            (strcmp(name, ZW_TRIAGE_SETTING) == 0 || strcmp(name, ZW_OPERATION_SETTING) == 0))
                return policy_check(name, value, error) && setting_write(r, name, value, error);
        if (value != NULL && g_str_has_prefix(name, "workflow:"))
                return resolve_workflow(r, name + strlen("workflow:"), value, error) &&
                       setting_write(r, name, value, error);
        if (value != NULL && g_str_has_prefix(name, "risk_method:"))
                return risk_method_write(r, name, value, error);
        if (value != NULL && strcmp(name, "risk_method") == 0)
                return resolve_risk_default(r, value, error) && setting_write(r, name, value, error);
        if (value != NULL && strcmp(name, ZW_RETENTION_SETTING) == 0)
                return retention_setting_check(r->context->view, &r->context->log, value, error) &&
                       setting_write(r, name, value, error);
        for (size_t i = 0; value != NULL && i < G_N_ELEMENTS(known); i++)
                if (strcmp(known[i], name) == 0)
                        return setting_write(r, name, value, error);
        near = near_names(name, known, G_N_ELEMENTS(known));
        error_set(error, ZW_ERR_NAME_UNKNOWN, "/name", "there is no setting \"%s\"%s", name, near);
        return false;
}
