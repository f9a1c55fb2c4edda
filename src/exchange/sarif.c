/* SARIF 2.1.0: results of static analysis. The file is a piece of evidence; where a profile says which component was analysed, each
 * rule that something breaks is a finding on it, named TOOL:RULE, with the places in its reason. */
#include "exchange/readers.h"

#include "base/hash.h"
#include "base/jread.h"
#include "base/jtext.h"
#include "model/metamodel.h"

#include "exchange/jfigures.h"

#include <string.h>

static const JFigure rows[] = {
        { JFIGURE_TEXT, "version", "version", false },
        { JFIGURE_COUNT, "runs", "runs/*", false },
        { JFIGURE_LIST, "tools", "runs/*/tool/driver/name", true },
        { JFIGURE_COUNT, "rules", "runs/*/tool/driver/rules/*", false },
        { JFIGURE_COUNT, "results", "runs/*/results/*", false },
};

static const JFormat format = { "SARIF log", "runs", "version", rows, G_N_ELEMENTS(rows), NULL };

typedef struct {
        Sink *sink;
        int64_t suppressed, flows;
} Counts;

static void result_count(JVal result, const char *name G_GNUC_UNUSED, void *data)
{
        Counts *counts = data;
        const char *level = jval_get_text(result, "level");

        sink_figure_add(counts->sink, "levels", level == NULL ? "None" : level, 1);
        counts->suppressed += jval_count(jval_get(result, "suppressions")) > 0;
        counts->flows += jval_count(jval_get(result, "codeFlows")) > 0;
}

/* ---- what is told ---- */

enum { PLACES_TOLD = 5 };

/* What the profile says; borrowed from it. */
typedef struct {
        const char *at, *run, *component;
        json_t *defaults, *tests;
} SarifProfile;

/* One rule that something breaks. */
typedef struct {
        char *id, *title; /* id: TOOL:RULE */
        GString *places;
        const char *severity; /* borrowed from a table */
        size_t n;
        GPtrArray *cwes;
} Rule;

typedef struct {
        Sink *sink;
        SarifProfile profile;
        char digest[ZW_DIGEST_HEX];
        GHashTable *rules; /* id → Rule, borrowed */
        GPtrArray *all;    /* of Rule, as they come */
        GString *tools;
        char *ended;
        size_t n_results, n_suppressed;
        const char *tool;
} Sarif;

static void rule_free(gpointer data)
{
        Rule *rule = data;

        g_free(rule->id);
        g_free(rule->title);
        g_string_free(rule->places, TRUE);
        g_ptr_array_unref(rule->cwes);
        g_free(rule);
}

static bool profile_take(const Source *source, SarifProfile *profile, GError **error)
{
        static const JReadField fields[] = {
                { "at", JREAD_STRING, G_STRUCT_OFFSET(SarifProfile, at), false },
                { "run", JREAD_STRING, G_STRUCT_OFFSET(SarifProfile, run), false },
                { "component", JREAD_STRING, G_STRUCT_OFFSET(SarifProfile, component), false },
                { "defaults", JREAD_OBJECT, G_STRUCT_OFFSET(SarifProfile, defaults), false },
                { "tests", JREAD_ARRAY, G_STRUCT_OFFSET(SarifProfile, tests), false },
                JREAD_END,
        };

        return source->profile == NULL || jread_object(source->profile, fields, profile, "", error);
}

/* ---- reading ---- */

static const char *severity_of(const char *level)
{
        static const struct {
                const char *level, *severity;
        } known[] = { { "error", "high" }, { "warning", "medium" }, { "note", "low" }, { "none", "none" } };

        for (size_t i = 0; level != NULL && i < G_N_ELEMENTS(known); i++)
                if (strcmp(known[i].level, level) == 0)
                        return known[i].severity;
        return "medium"; /* a level that is not said is a warning */
}

/* What passed, does not apply, was suppressed or is gone breaks nothing. */
static bool is_broken(JVal result)
{
        const char *kind = jval_get_text(result, "kind"), *state = jval_get_text(result, "baselineState");

        return (kind == NULL || strcmp(kind, "fail") == 0 || strcmp(kind, "open") == 0 ||
                strcmp(kind, "review") == 0) &&
               g_strcmp0(state, "absent") != 0 && jval_count(jval_get(result, "suppressions")) == 0;
}

static void cwe_take(Rule *rule, const char *text)
{
        const char *at = text == NULL ? NULL : strstr(text, "CWE-");
        g_autofree char *cwe = NULL;

        if (at == NULL || !g_ascii_isdigit(at[4]))
                return;
        cwe = g_strndup(at, 4 + strspn(at + 4, "0123456789"));
        for (guint i = 0; i < rule->cwes->len; i++)
                if (strcmp(g_ptr_array_index(rule->cwes, i), cwe) == 0)
                        return;
        g_ptr_array_add(rule->cwes, g_steal_pointer(&cwe));
}

static void place_see(JVal location, const char *name G_GNUC_UNUSED, void *data)
{
        JVal physical = jval_get(location, "physicalLocation");
        const char *uri = jval_get_text(jval_get(physical, "artifactLocation"), "uri");
        Rule *rule = data;
        int64_t line;

        if (uri == NULL || rule->n > PLACES_TOLD)
                return;
        g_string_append_printf(rule->places, "%s%.200s", rule->places->len == 0 ? "" : ", ", uri);
        if (jval_int(jval_get(jval_get(physical, "region"), "startLine"), &line))
                g_string_append_printf(rule->places, ":%" G_GINT64_FORMAT, line);
}

static Rule *rule_of(Sarif *sarif, const char *name)
{
        g_autofree char *id = g_strdup_printf("%.100s:%.200s", sarif->tool, name);
        Rule *rule = g_hash_table_lookup(sarif->rules, id);

        if (rule != NULL)
                return rule;
        rule = g_new0(Rule, 1);
        rule->id = g_strdup(id);
        rule->places = g_string_new(NULL);
        rule->cwes = g_ptr_array_new_with_free_func(g_free);
        rule->severity = "none";
        g_ptr_array_add(sarif->all, rule);
        g_hash_table_insert(sarif->rules, rule->id, rule);
        return rule;
}

static bool is_worse(const char *severity, const char *than)
{
        static const char *const order[] = { "none", "low", "medium", "high" };
        size_t a = 0, b = 0;

        while (a < G_N_ELEMENTS(order) && strcmp(order[a], severity) != 0)
                a++;
        while (b < G_N_ELEMENTS(order) && strcmp(order[b], than) != 0)
                b++;
        return a > b;
}

static void result_see(JVal result, const char *name G_GNUC_UNUSED, void *data)
{
        Sarif *sarif = data;
        const char *id = jval_get_text(result, "ruleId"),
                   *severity = severity_of(jval_get_text(result, "level")),
                   *message = jval_get_text(jval_get(result, "message"), "text");
        Rule *rule;

        sarif->n_results++;
        if (!is_broken(result)) {
                sarif->n_suppressed++;
                return;
        }
        if (id == NULL)
                id = jval_get_text(jval_get(result, "rule"), "id");
        rule = rule_of(sarif, id == NULL ? "unnamed" : id);
        if (rule->title == NULL && message != NULL)
                rule->title = g_strndup(message, utf8_prefix(message, MIN(strcspn(message, "\r\n"), 200)));
        if (is_worse(severity, rule->severity))
                rule->severity = severity;
        rule->n++;
        cwe_take(rule, message);
        jfigures_visit(result, "locations/*", place_see, rule);
}

/* What the tool says of its rules: weaknesses stand among their tags. */
static void tag_see(JVal tag, const char *name G_GNUC_UNUSED, void *data)
{
        g_autofree char *text = g_ascii_strup(jval_text(tag, NULL) == NULL ? "" : jval_text(tag, NULL), -1);
        char *at = strstr(text, "CWE/CWE-");

        cwe_take(data, at == NULL ? text : at + 4);
}

static void rule_see(JVal described, const char *name G_GNUC_UNUSED, void *data)
{
        Sarif *sarif = data;
        const char *id = jval_get_text(described, "id");
        g_autofree char *key = g_strdup_printf("%.100s:%.200s", sarif->tool, id == NULL ? "" : id);
        Rule *rule = g_hash_table_lookup(sarif->rules, key);

        if (rule != NULL)
                jfigures_visit(described, "properties/tags/*", tag_see, rule);
}

static void run_see(JVal run, const char *name G_GNUC_UNUSED, void *data)
{
        Sarif *sarif = data;
        JVal driver = jval_get(jval_get(run, "tool"), "driver"), invocation;
        const char *tool = jval_get_text(driver, "name"), *version = jval_get_text(driver, "version");
        JIter invocations = jval_iter(jval_get(run, "invocations"));

        sarif->tool = tool == NULL ? "unnamed tool" : tool;
        g_string_append_printf(sarif->tools, "%s%.100s%s%.40s", sarif->tools->len == 0 ? "" : ", ",
                               sarif->tool, version == NULL ? "" : " ", version == NULL ? "" : version);
        while (jiter_next(&invocations, &invocation))
                if (sarif->ended == NULL)
                        sarif->ended = g_strdup(jval_get_text(invocation, "endTimeUtc"));
        jfigures_visit(run, "results/*", result_see, sarif);
        jfigures_visit(driver, "rules/*", rule_see, sarif);
}

/* ---- telling ---- */

static json_t *evidence_attrs(const Sarif *sarif)
{
        json_t *attrs = sarif->profile.defaults == NULL ? json_object() : json_copy(sarif->profile.defaults);
        const char *version = sarif->profile.component == NULL
                                      ? NULL
                                      : jread_get_string(json_object_get(attrs, "versions"),
                                                         sarif->profile.component);
        const char *date = sarif->ended != NULL ? sarif->ended : sarif->profile.at;
        Instant at;

        if (version != NULL)
                json_object_set_new(attrs, "version", json_string(version));
        json_object_del(attrs, "versions");
        json_object_set_new(attrs, "nature", json_string("report"));
        json_object_set_new(attrs, "hash", json_string(sarif->digest));
        if (date != NULL && instant_parse(date, &at, NULL))
                json_object_set_new(attrs, "date", json_string(date));
        return attrs;
}

static const char *run_id(const Sarif *sarif)
{
        return sarif->profile.run == NULL ? sarif->digest : sarif->profile.run;
}

static bool evidence_tell(const Sarif *sarif, GError **error)
{
        g_autoptr(Json) attrs = evidence_attrs(sarif);
        g_autofree char *title = g_strdup_printf("Static analysis by %.300s", sarif->tools->str);
        g_autofree char *body =
                g_strdup_printf("%zu results, %zu of them suppressed, passed or gone; %u rules broken.",
                                sarif->n_results, sarif->n_suppressed, sarif->all->len);

        if (!attrs_check(ZW_KIND_EVIDENCE, attrs, "/defaults", error))
                return false;
        sink_op(sarif->sink,
                json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:s, s:O, s:b}", "op", "item", "where", "runs",
                          "kind", "evidence", "source", "system", "sarif", "id", run_id(sarif), "title",
                          title, "body", body, "attrs", attrs, "attach_file", 1));
        if (sarif->profile.component != NULL)
                sink_op(sarif->sink, json_pack("{s:s, s:s, s:{s:[s, s]}, s:s, s:s}", "op", "link", "where",
                                               "runs", "from", "source", "sarif", run_id(sarif), "type",
                                               "relates_to", "to", sarif->profile.component));
        return true;
}

static void finding_tell(const Sarif *sarif, const Rule *rule)
{
        g_autofree char *id = g_strdup_printf("%s/%s", sarif->profile.component, rule->id);
        g_autofree char *title = g_strdup_printf("%s: %s", rule->id,
                                                 rule->title == NULL ? "broken" : rule->title);
        g_autofree char *reason = g_strdup_printf("%zu places: %.800s%s", rule->n, rule->places->str,
                                                  rule->n > PLACES_TOLD ? ", and others" : "");
        json_t *cwes = json_array();

        for (guint i = 0; i < rule->cwes->len; i++)
                json_array_append_new(cwes, json_string(g_ptr_array_index(rule->cwes, i)));
        sink_op(sarif->sink,
                json_pack("{s:s, s:s, s:s, s:{s:s, s:s}, s:s, s:{s:s, s:s, s:s, s:s, s:o, s:[s]}}", "op",
                          "item", "where", "results", "kind", "finding", "source", "system", "sarif", "id",
                          id, "title", title, "attrs", "vulnerability", rule->id, "confidence", "exact",
                          "severity", rule->severity, "reason", reason, "cwes", cwes, "sources", rule->id));
        sink_op(sarif->sink,
                json_pack("{s:s, s:s, s:{s:[s, s]}, s:s, s:s}", "op", "link", "where", "results", "from",
                          "source", "sarif", id, "type", "concerns", "to", sarif->profile.component));
}

static bool sarif_tell(const Source *source, Sink *sink, JVal root, GError **error)
{
        g_autoptr(GHashTable) rules = hash_table_new_text(NULL, NULL);
        g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(rule_free);
        g_autoptr(GString) tools = g_string_new(NULL);
        Sarif sarif = { .sink = sink, .rules = rules, .all = all, .tools = tools };
        gsize n;
        const void *bytes = g_bytes_get_data(source->bytes, &n);
        const Digest digest = hash_sha256(bytes, n);
        bool good;

        hex_encode(digest.b, ZW_DIGEST_BYTES, sarif.digest);
        if (!profile_take(source, &sarif.profile, error))
                return false;
        jfigures_visit(root, "runs/*", run_see, &sarif);
        good = evidence_tell(&sarif, error);
        for (guint i = 0; good && sarif.profile.component != NULL && i < all->len; i++)
                finding_tell(&sarif, g_ptr_array_index(all, i));
        if (sarif.profile.component == NULL && all->len > 0)
                sink_lost(sink, "results",
                          "%u broken rules (a profile that says the \"component\" makes them findings)",
                          all->len);
        g_free(sarif.ended);
        return good;
}

bool sarif_read(const Source *source, Sink *sink, GError **error)
{
        g_autoptr(JDoc) doc = jfigures_read(source, sink, &format, error);
        Counts counts = { .sink = sink };
        const char *version;

        if (doc == NULL)
                return false;
        version = jval_get_text(jdoc_root(doc), "version");
        if (g_strcmp0(version, "2.1.0") != 0)
                sink_problem(sink, "/version",
                             "SARIF %s is read as 2.1.0 is: what it has elsewhere is not found",
                             version == NULL ? "without a version" : version);
        sink_figure_map(sink, "levels");
        jfigures_visit(jdoc_root(doc), "runs/*/results/*", result_count, &counts);
        sink_figure_int(sink, "suppressed", counts.suppressed);
        sink_figure_int(sink, "codeFlows", counts.flows);
        return source->figures_only || sarif_tell(source, sink, jdoc_root(doc), error);
}
