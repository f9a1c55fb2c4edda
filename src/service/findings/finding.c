#include "service/findings/finding.h"

#include "base/hash.h"
#include "base/jtext.h"
#include "model/proposal.h"

#include <string.h>

/* Sources and lines of a reason that are ours to change; others are kept. */
static const char *const ours[] = { "csaf:", "cve:", "nvd:", "openvex:", NULL };
static const char unconfirmed[] = "csaf: no advisory that is kept says so any longer";

enum { ZW_DATE_CHARS = 10 };

typedef struct {
        const Inventory *inventory;
        GHashTable *exploited; /* ids of vulnerabilities that are known to be exploited */
        GHashTable *there;     /* `THING VULNERABILITY` → Thing of the finding */
        GHashTable *confirmed; /* findings that a verdict speaks of */
        const FindingRules *rules;
        json_t *ops;
} Findings;

static bool has_mark(const char *text, const char *const *marks)
{
        for (size_t i = 0; marks[i] != NULL; i++)
                if (g_str_has_prefix(text, marks[i]))
                        return true;
        return false;
}

/* ---- which finding ---- */

static char *pair_name(const Thing *subject, const char *vulnerability)
{
        return g_strdup_printf("%p %s", (const void *)subject, vulnerability);
}

/* The one that people see first, where several concern the same. */
static void there_find(Findings *findings)
{
        for (guint i = 0; i < findings->inventory->things->len; i++) {
                Thing *finding = findings->inventory->things->pdata[i];
                const char *vulnerability = thing_text(finding, "vulnerability");

                if (finding->kind != ZW_KIND_FINDING || vulnerability == NULL)
                        continue;
                for (uint32_t j = 0; j < finding->subjects.n; j++) {
                        char *name = pair_name(things_at(&finding->subjects, j), vulnerability);
                        const Thing *other = g_hash_table_lookup(findings->there, name);

                        if (other == NULL || (other->retired && !finding->retired))
                                g_hash_table_replace(findings->there, name, finding);
                        else
                                g_free(name);
                }
        }
}

/* Outside identities have a limit. */
char *finding_identity(const Thing *subject, const char *vulnerability)
{
        g_autofree char *name = subject->system != NULL
                                        ? g_strdup_printf("%s %s", subject->system, subject->id)
                                        : g_strdup(subject->key);
        g_autofree char *identity = g_strdup_printf("%s|%s", vulnerability, name);
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        if (strlen(identity) <= ZW_SOURCE_ID_MAX)
                return g_steal_pointer(&identity);
        digest = hash_sha256(identity, strlen(identity));
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

static Thing *finding_of(const Findings *findings, const Thing *subject, const char *vulnerability,
                         const char *identity)
{
        g_autofree char *name = pair_name(subject, vulnerability);
        Thing *finding = g_hash_table_lookup(findings->there, name);

        return finding != NULL ? finding
                               : inventory_find_source(findings->inventory, ZW_FINDING_SYSTEM, identity);
}

static bool is_ours(const Thing *finding)
{
        return g_strcmp0(finding->system, ZW_FINDING_SYSTEM) == 0;
}

/* ---- attributes ---- */

static void put_text(json_t *attrs, const char *name, const char *text)
{
        json_object_set_new(attrs, name, text == NULL || text[0] == '\0' ? json_null() : json_string(text));
}

static json_t *texts(char *const *list)
{
        json_t *array = json_array();

        for (size_t i = 0; list[i] != NULL; i++)
                json_array_append_new(array, json_string(list[i]));
        return array;
}

static int text_order(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

json_t *finding_merge_sources(const Thing *finding, char *const *given, const char *const *marks)
{
        const json_t *before = finding == NULL ? NULL : json_object_get(finding->attrs, "sources"), *value;
        g_autoptr(GPtrArray) all = g_ptr_array_new();
        json_t *merged;
        size_t i;

        for (i = 0; given[i] != NULL; i++)
                g_ptr_array_add(all, given[i]);
        json_array_foreach(before, i, value)
        {
                if (json_is_string(value) && !has_mark(json_string_value(value), marks))
                        g_ptr_array_add(all, (gpointer)(uintptr_t)json_string_value(value));
        }
        g_ptr_array_sort(all, text_order);
        g_ptr_array_add(all, NULL);
        merged = texts((char *const *)all->pdata);
        return merged;
}

char *finding_merge_reason(const Thing *finding, const char *given, const char *const *marks)
{
        const char *before = finding == NULL ? NULL : thing_text(finding, "reason");
        g_auto(GStrv) lines = g_strsplit(before == NULL ? "" : before, "\n", -1);
        GString *merged = g_string_new(given);

        for (size_t i = 0; lines[i] != NULL; i++)
                if (lines[i][0] != '\0' && !has_mark(lines[i], marks))
                        g_string_append_printf(merged, "%s%s", merged->len > 0 ? "\n" : "", lines[i]);
        return g_string_free(merged, FALSE);
}

/* Techniques of the live threats that exploit the finding, ended by NULL; borrowed. */
static GPtrArray *techniques_of(const Thing *finding)
{
        GPtrArray *techniques = g_ptr_array_new();

        for (uint32_t i = 0; finding != NULL && i < finding->threats.n; i++) {
                const Thing *threat = things_at(&finding->threats, i);
                const json_t *list = json_object_get(threat->attrs, "techniques"), *name;
                size_t k;

                json_array_foreach(list, k, name)
                {
                        if (!threat->retired && json_is_string(name))
                                g_ptr_array_add(techniques, (gpointer)(uintptr_t)json_string_value(name));
                }
        }
        g_ptr_array_add(techniques, NULL);
        return techniques;
}

/* Rows that it may break; what nothing maps is left to people. */
static GArray *proposals_of(const Thing *finding, const Verdict *verdict)
{
        g_autoptr(GPtrArray) techniques = techniques_of(finding);

        return proposals_make((const char *const *)verdict->cwes, (const char *const *)techniques->pdata,
                              verdict->cvss);
}

/* Those of a basis up to `last`. */
static json_t *refs_of(const GArray *proposals, ProposalBasis last)
{
        json_t *refs = json_array();

        for (guint i = 0; i < proposals->len; i++) {
                const Proposal *proposal = &g_array_index(proposals, Proposal, i);
                g_autofree char *ref = catalogue_ref(proposal->row);

                if (proposal->basis <= last)
                        json_array_append_new(refs, json_string(ref));
        }
        return refs;
}

json_t *finding_proposed(char *const *cwes)
{
        g_autoptr(GArray) proposals = proposals_make((const char *const *)cwes, NULL, NULL);

        return refs_of(proposals, PROPOSAL_WEAKNESS);
}

/* A value that the metamodel does not take is left out: it came from outside. */
static void put_checked(json_t *attrs, const char *name, const char *text)
{
        g_autoptr(Json) value = text == NULL ? NULL : json_string(text);
        const AttrDef *def = attr_find(ZW_KIND_FINDING, name);

        put_text(attrs, name,
                 value != NULL && def != NULL && attr_check(def, value, NULL, NULL) ? text : NULL);
}

static void put_list(json_t *attrs, const char *name, json_t *list)
{
        if (json_array_size(list) > 0)
                json_object_set_new(attrs, name, list);
        else {
                json_decref(list);
                json_object_set_new(attrs, name, json_null());
        }
}

static void put_said(json_t *attrs, const Thing *finding, char *const *sources, const char *reason)
{
        g_autofree char *merged = finding_merge_reason(finding, reason, ours);

        json_object_set_new(attrs, "sources", finding_merge_sources(finding, sources, ours));
        put_text(attrs, "reason", merged);
}

/* Whether the supplier has a fix, by the categories of CSAF that the lines begin with; NULL when nobody says. */
static const char *fix_of(const char *remediation)
{
        static const struct {
                const char *category, *fix;
        } rows[] = { { "vendor_fix:", "available" },
                     { "optional_patch:", "available" },
                     { "none_available:", "none" },
                     { "no_fix_planned:", "none" } };
        g_auto(GStrv) lines = g_strsplit(remediation == NULL ? "" : remediation, "\n", -1);

        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                for (size_t k = 0; lines[k] != NULL; k++)
                        if (g_str_has_prefix(lines[k], rows[i].category))
                                return rows[i].fix;
        return NULL;
}

/* The policy may confirm by rule what weaknesses or techniques propose, never what a score alone does. */
static void put_confirmed(const Findings *findings, json_t *attrs, const Thing *finding,
                          const Verdict *verdict, const GArray *proposals)
{
        const TriageFacts facts = { .confidence = match_confidence_name(verdict->confidence),
                                    .severity = verdict->severity,
                                    .cvss = verdict->cvss,
                                    .score = verdict->score,
                                    .kev = g_hash_table_contains(findings->exploited, verdict->vulnerability),
                                    .sl_t = -1 };
        g_autoptr(Json) refs = refs_of(proposals, PROPOSAL_TECHNIQUE);
        g_autofree char *why = NULL;
        const char *rule;

        if ((finding != NULL && json_object_get(finding->attrs, "broken") != NULL) ||
            json_array_size(refs) == 0 || !triage_policy_confirms(findings->rules->policy, &facts, &rule))
                return;
        why = g_strdup_printf("confirmed by the rule \"%s\" of the triage policy", rule);
        json_object_set(attrs, "broken", refs);
        put_text(attrs, "rationale", why);
}

/* What is not known to be exploited is not said to be not. */
static void put_all(const Findings *findings, json_t *attrs, const Thing *finding, const Verdict *verdict)
{
        g_autoptr(GArray) proposals = proposals_of(finding, verdict);

        if (g_hash_table_contains(findings->exploited, verdict->vulnerability))
                json_object_set_new(attrs, "kev", json_true());
        put_text(attrs, "vulnerability", verdict->vulnerability);
        put_text(attrs, "confidence", match_confidence_name(verdict->confidence));
        put_checked(attrs, "severity", verdict->severity);
        put_checked(attrs, "score", verdict->score);
        put_text(attrs, "cvss", verdict->cvss);
        put_list(attrs, "cwes", texts(verdict->cwes));
        put_text(attrs, "remediation", verdict->remediation);
        put_text(attrs, "fix", fix_of(verdict->remediation));
        put_list(attrs, "proposed", refs_of(proposals, PROPOSAL_SCORE));
        put_confirmed(findings, attrs, finding, verdict, proposals);
}

/* ---- operations ---- */

static void op_append(Findings *findings, json_t *op, json_t *attrs)
{
        const char *source = json_string_value(json_array_get(json_object_get(attrs, "sources"), 0));

        if (source != NULL)
                json_object_set_new(op, "where", json_string(source));
        json_object_set_new(op, "attrs", attrs);
        json_array_append_new(findings->ops, op);
}

static void finding_create(Findings *findings, const Thing *subject, const Verdict *verdict,
                           const char *identity)
{
        g_autofree char *title = g_strdup_printf("%s: %s", verdict->vulnerability, verdict->title);
        g_autofree char *cut = g_strndup(title, utf8_prefix(title, MIN(strlen(title), (size_t)ZW_TITLE_MAX)));
        json_t *attrs = json_object(), *name = thing_name(subject);
        char found[ZW_INSTANT_TEXT];

        put_all(findings, attrs, NULL, verdict);
        put_said(attrs, NULL, verdict->sources, verdict->reason);
        put_text(attrs, "assertion", verdict->assertion);
        instant_format(findings->rules->now, found);
        found[ZW_DATE_CHARS] = '\0';
        put_text(attrs, "found", found);
        op_append(findings,
                  json_pack("{s:s, s:s, s:s, s:{s:s, s:s}}", "op", "item", "kind", "finding", "title", cut,
                            "source", "system", ZW_FINDING_SYSTEM, "id", identity),
                  attrs);
        json_array_append_new(findings->ops, json_pack("{s:s, s:{s:[s, s]}, s:s, s:o}", "op", "link", "from",
                                                       "source", ZW_FINDING_SYSTEM, identity, "type",
                                                       link_type_def(ZW_LINK_CONCERNS)->name, "to", name));
}

/* A finding that only this made has its outside identity, by which what people changed is kept; others have their key. */
static json_t *op_on(const Thing *finding)
{
        if (is_ours(finding))
                return json_pack("{s:s, s:s, s:{s:s, s:s}}", "op", "item", "kind", "finding", "source",
                                 "system", finding->system, "id", finding->id);
        return json_pack("{s:s, s:s}", "op", "item", "key", finding->key);
}

/* Null says the same as nothing. */
static bool says_the_same(const Thing *finding, const json_t *attrs)
{
        const char *name;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)attrs, name, value)
        {
                const json_t *there = json_object_get(finding->attrs, name);

                if (json_is_null(value) ? there != NULL : !json_equal(value, there))
                        return false;
        }
        return true;
}

/* What is so already is not said again: an import may have to do with one finding of many thousands. */
static void update_append(Findings *findings, const Thing *finding, json_t *attrs)
{
        if (says_the_same(finding, attrs))
                json_decref(attrs);
        else
                op_append(findings, op_on(finding), attrs);
}

static void finding_update(Findings *findings, const Thing *finding, const Verdict *verdict)
{
        const LifecycleId lifecycle = kind_def(ZW_KIND_FINDING)->lifecycle;
        bool untouched = is_ours(finding) && finding->state == lifecycle_initial(lifecycle);
        json_t *attrs = json_object();

        if (untouched && verdict->affected)
                put_all(findings, attrs, finding, verdict);
        put_said(attrs, finding, verdict->sources, verdict->reason);
        put_text(attrs, "assertion", verdict->assertion);
        update_append(findings, finding, attrs);
}

/* ---- decisions ---- */

/* By its key, so that what people wrote there before does not stand in the way; a new one has only its outside identity. */
static json_t *decided_name(const Thing *finding, const char *identity)
{
        return finding != NULL && finding->key != NULL
                       ? json_string(finding->key)
                       : json_pack("{s:[s, s]}", "source", ZW_FINDING_SYSTEM, identity);
}

static void decided_append(Findings *findings, const Thing *finding, const char *identity, StateId to,
                           const char *decision, const char *why)
{
        json_t *op = finding != NULL && finding->key != NULL
                             ? json_pack("{s:s, s:s}", "op", "item", "key", finding->key)
                             : json_pack("{s:s, s:s, s:{s:s, s:s}}", "op", "item", "kind", "finding",
                                         "source", "system", ZW_FINDING_SYSTEM, "id", identity);

        json_object_set_new(op, "attrs", json_pack("{s:s?, s:s}", "decision", decision, "rationale", why));
        json_array_append_new(findings->ops, op);
        json_array_append_new(findings->ops,
                              json_pack("{s:s, s:o, s:s}", "op", "decided", "key",
                                        decided_name(finding, identity), "to", state_def(to)->name));
}

/* A finding that nobody looked at yet follows the decision that holds for it. */
static void decision_apply(Findings *findings, const Thing *subject, const Thing *finding,
                           const char *identity, const Verdict *verdict)
{
        const Decision *decision = decision_find(findings->rules->decisions, findings->inventory, subject,
                                                 verdict->vulnerability, verdict->assertion,
                                                 findings->rules->now);
        g_autofree char *why = NULL;

        if (decision == NULL)
                return;
        why = g_strdup_printf("as decided on %s: %s", jread_get_string(decision->value, "finding"),
                              jread_get_string(decision->value, "reason"));
        decided_append(findings, finding, identity, decision->state, decision->id, why);
}

/* One that follows a decision goes back to work when that does not hold any longer. */
static void decision_check_again(Findings *findings, const Thing *subject, const Thing *finding,
                                 const Verdict *verdict)
{
        const char *id = thing_text(finding, "decision");
        const Decision *decision = g_hash_table_lookup(findings->rules->decisions, id);
        const char *ended = decision == NULL ? "the decision was taken back"
                                             : decision_void(decision, findings->inventory, subject,
                                                             verdict->assertion, findings->rules->now);
        g_autofree char *why = NULL;

        if (ended == NULL || finding->key == NULL || (decision != NULL && decision->state != finding->state))
                return;
        why = g_strdup_printf("reopened: %s", ended);
        decided_append(findings, finding, NULL, decision_reopened(finding->state), NULL, why);
}

static void decisions_take(Findings *findings, const Thing *subject, const Thing *finding,
                           const char *identity, const Verdict *verdict)
{
        const StateId initial = lifecycle_initial(kind_def(ZW_KIND_FINDING)->lifecycle);

        if (!verdict->affected)
                return;
        if (finding != NULL && thing_text(finding, "decision") != NULL)
                decision_check_again(findings, subject, finding, verdict);
        else if (finding == NULL || finding->state == initial)
                decision_apply(findings, subject, finding, identity, verdict);
}

static void verdict_take(Findings *findings, const Thing *subject, const Verdict *verdict)
{
        g_autofree char *identity = NULL;
        Thing *finding;

        if (subject->key == NULL && subject->system == NULL)
                return; /* it has no name before this import; the next one finds it */
        identity = finding_identity(subject, verdict->vulnerability);
        finding = finding_of(findings, subject, verdict->vulnerability, identity);
        if (finding != NULL && !g_hash_table_add(findings->confirmed, finding))
                return; /* it concerns several things, and the first of them says what it says, or each would say it anew at every matching */
        if (finding == NULL && verdict->affected)
                finding_create(findings, subject, verdict, identity);
        if (finding == NULL || (finding->stored && !finding->retired))
                decisions_take(findings, subject, finding, identity, verdict);
        if (finding != NULL && !finding->retired && finding->stored)
                finding_update(findings, finding, verdict);
}

/* Made here, by advisories alone, and none says it any longer. */
static bool is_unconfirmed(const Findings *findings, const Thing *finding)
{
        const json_t *sources = json_object_get(finding->attrs, "sources"), *value;
        size_t i;

        if (finding->kind != ZW_KIND_FINDING || !is_ours(finding) || finding->retired || !finding->stored ||
            g_hash_table_contains(findings->confirmed, finding) || json_array_size(sources) == 0)
                return false;
        json_array_foreach(sources, i, value)
        {
                if (!json_is_string(value) || !has_mark(json_string_value(value), ours))
                        return false;
        }
        return true;
}

static void unconfirmed_take(Findings *findings)
{
        static char *const none[] = { NULL };

        for (guint i = 0; i < findings->inventory->things->len; i++) {
                const Thing *finding = findings->inventory->things->pdata[i];
                json_t *attrs;

                if (!is_unconfirmed(findings, finding))
                        continue;
                attrs = json_object();
                put_said(attrs, finding, none, unconfirmed);
                update_append(findings, finding, attrs);
        }
}

void findings_append(const Inventory *inventory, const GPtrArray *subjects, const GPtrArray *verdicts,
                     GHashTable *exploited, const FindingRules *rules, json_t *ops)
{
        g_autoptr(GHashTable) there = hash_table_new_text(g_free, NULL),
                              confirmed = g_hash_table_new(NULL, NULL);
        Findings findings = { .inventory = inventory,
                              .exploited = exploited,
                              .there = there,
                              .confirmed = confirmed,
                              .rules = rules,
                              .ops = ops };

        there_find(&findings);
        for (guint i = 0; i < verdicts->len; i++) {
                const Verdict *verdict = verdicts->pdata[i];

                verdict_take(&findings, subjects->pdata[verdict->subject], verdict);
        }
        unconfirmed_take(&findings);
}
