#include "vuln/verdict.h"

#include "base/hash.h"

#include <string.h>

enum { REASONS_MAX = 20, STEPS_MAX = 1000000000 };

/* What one advisory says. */
typedef struct {
        char *label;
        Instant released;
        bool supplier, undecided, doubted;
        MatchConfidence affected, cleared;
        char *reason, *title, *cvss, *score, *severity, *remediation;
        GPtrArray *cwes; /* of text */
        Digest content;
} Outcome;

struct Verdicts {
        const MatchIndex *index;
        GHashTable *outcomes; /* `SUBJECT VULNERABILITY` → GPtrArray of Outcome */
};

static void outcome_free(gpointer data)
{
        Outcome *outcome = data;

        g_free(outcome->label);
        g_free(outcome->reason);
        g_free(outcome->title);
        g_free(outcome->cvss);
        g_free(outcome->score);
        g_free(outcome->severity);
        g_free(outcome->remediation);
        g_ptr_array_unref(outcome->cwes);
        g_free(outcome);
}

static void verdict_free(gpointer data)
{
        Verdict *verdict = data;

        g_free(verdict->vulnerability);
        g_free(verdict->reason);
        g_strfreev(verdict->sources);
        g_free(verdict->title);
        g_free(verdict->cvss);
        g_free(verdict->score);
        g_free(verdict->severity);
        g_free(verdict->remediation);
        g_free(verdict->assertion);
        g_strfreev(verdict->cwes);
        g_free(verdict);
}

static void outcomes_free(gpointer outcomes)
{
        g_ptr_array_unref(outcomes);
}

Verdicts *verdicts_new(const MatchIndex *index)
{
        Verdicts *verdicts = g_new0(Verdicts, 1);

        verdicts->index = index;
        verdicts->outcomes = hash_table_new_text(g_free, outcomes_free);
        return verdicts;
}

void verdicts_free(Verdicts *verdicts)
{
        if (verdicts == NULL)
                return;
        g_hash_table_unref(verdicts->outcomes);
        g_free(verdicts);
}

/* ---- gathering ---- */

static Outcome *outcome_new(const Advisory *advisory, const Match *match, const Digest *content)
{
        Outcome *outcome = g_new0(Outcome, 1);
        const char *id = advisory_vulnerability_id(advisory, match->vulnerability),
                   *title = advisory_vulnerability_title(advisory, match->vulnerability);
        JIter iter = jval_iter(advisory_cwes(advisory, match->vulnerability));
        AdvisoryScore score = { 0 };
        JVal cwe;

        outcome->label = g_strdup(advisory_label(advisory));
        outcome->content = *content;
        outcome->released = advisory_released(advisory);
        outcome->supplier = match->supplier;
        outcome->undecided = match->undecided;
        outcome->affected = match->affected;
        outcome->cleared = match->cleared;
        outcome->reason = g_strdup(match->reason);
        outcome->title = g_strdup(title == NULL || strcmp(title, id) == 0 ? advisory_title(advisory) : title);
        if (advisory_score(advisory, match->vulnerability, match->product, &score)) {
                outcome->cvss = g_strdup(score.vector);
                outcome->score = g_strdup(score.score);
                outcome->severity = g_strdup(score.severity);
        }
        outcome->remediation = advisory_remediation(advisory, match->vulnerability, match->product);
        outcome->cwes = g_ptr_array_new_with_free_func(g_free);
        while (jiter_next(&iter, &cwe))
                if (cwe.type == JVAL_STRING)
                        g_ptr_array_add(outcome->cwes, g_strdup(jval_text(cwe, NULL)));
        return outcome;
}

static void outcome_doubt(Outcome *outcome, const char *doubt)
{
        g_autofree char *reason = g_steal_pointer(&outcome->reason);

        outcome->doubted = true;
        outcome->supplier = false;
        outcome->undecided = outcome->affected != MATCH_NONE;
        outcome->affected = MIN(outcome->affected, MATCH_POSSIBLE);
        outcome->cleared = MIN(outcome->cleared, MATCH_POSSIBLE);
        outcome->reason = g_strdup_printf("%s (not vouched for: %s)", reason, doubt);
}

/* What an advisory says beside the statuses is looked through for each match; foreign text decides how much that is. */
static bool is_bounded(const Advisory *advisory, const GArray *matches)
{
        uint64_t steps = 0;

        for (guint i = 0; i < matches->len && steps <= STEPS_MAX; i++)
                steps += advisory_speaking_count(advisory, g_array_index(matches, Match, i).vulnerability);
        return steps <= STEPS_MAX;
}

static void outcome_add(Verdicts *verdicts, const Advisory *advisory, const Match *match,
                        const Digest *content, const char *doubt)
{
        Outcome *outcome = outcome_new(advisory, match, content);
        char *key = g_strdup_printf("%u %s", match->subject,
                                    advisory_vulnerability_id(advisory, match->vulnerability));
        GPtrArray *outcomes = g_hash_table_lookup(verdicts->outcomes, key);

        if (outcomes == NULL) {
                outcomes = g_ptr_array_new_with_free_func(outcome_free);
                g_hash_table_insert(verdicts->outcomes, key, outcomes);
        } else
                g_free(key);
        if (doubt != NULL)
                outcome_doubt(outcome, doubt);
        g_ptr_array_add(outcomes, outcome);
}

bool verdicts_add(Verdicts *verdicts, const Advisory *advisory, const char *doubt, GError **error)
{
        g_autoptr(GArray) matches = match_advisory(verdicts->index, advisory, error);
        Digest content;

        if (matches == NULL)
                return false;
        if (!is_bounded(advisory, matches)) {
                error_set(error, ZW_ERR_LIMIT, advisory_label(advisory),
                          "the advisory says too much about what is installed to be taken in bounds");
                return false;
        }
        for (guint i = 0; i < matches->len; i++) {
                const Match *match = &g_array_index(matches, Match, i);

                /* they come by vulnerability */
                if (i == 0 || match->vulnerability != (match - 1)->vulnerability)
                        content = advisory_content(advisory, match->vulnerability);
                outcome_add(verdicts, advisory, match, &content, doubt);
        }
        return true;
}

/* ---- weighing ---- */

/* Stronger first; the label and the text decide between equals, so that the order of advisories does not. */
static int outcome_order(gconstpointer a, gconstpointer b)
{
        const Outcome *x = *(Outcome *const *)a, *y = *(Outcome *const *)b;

        if (x->affected != y->affected)
                return x->affected > y->affected ? -1 : 1;
        if (x->cleared != y->cleared)
                return x->cleared > y->cleared ? -1 : 1;
        return g_strcmp0(x->label, y->label) != 0 ? g_strcmp0(x->label, y->label)
                                                  : g_strcmp0(x->reason, y->reason);
}

/* The newest word of the supplier; of two at one time, the one that says affected. NULL when it says nothing. */
static const Outcome *supplier_word(const GPtrArray *outcomes)
{
        const Outcome *word = NULL;

        for (guint i = 0; i < outcomes->len; i++) {
                const Outcome *outcome = outcomes->pdata[i];

                if (outcome->supplier && (word == NULL || outcome->released > word->released))
                        word = outcome;
        }
        return word;
}

static bool is_affected(const GPtrArray *outcomes)
{
        const Outcome *word = supplier_word(outcomes), *first = outcomes->pdata[0];

        if (word != NULL && word->cleared >= MATCH_PROBABLE)
                return false;
        return first->affected != MATCH_NONE;
}

static double score_value(const Outcome *outcome)
{
        return outcome->score == NULL ? -1 : g_ascii_strtod(outcome->score, NULL);
}

/* Whose score and advice is shown: the supplier's, then the highest. */
static const Outcome *details_of(const GPtrArray *outcomes)
{
        const Outcome *best = outcomes->pdata[0];

        for (guint i = 1; i < outcomes->len; i++) {
                const Outcome *outcome = outcomes->pdata[i];

                if ((outcome->affected != MATCH_NONE) != (best->affected != MATCH_NONE))
                        continue; /* those that say affected stand first */
                if (outcome->supplier != best->supplier ? outcome->supplier
                                                        : score_value(outcome) > score_value(best))
                        best = outcome;
        }
        return best;
}

static char *reasons_join(const GPtrArray *outcomes)
{
        GString *text = g_string_new(NULL);

        for (guint i = 0; i < outcomes->len && i < REASONS_MAX; i++) {
                const Outcome *outcome = outcomes->pdata[i];

                g_string_append_printf(text, "%s%s%s: %s", i == 0 ? "" : "\n", outcome->label,
                                       outcome->supplier ? " (supplier)" : "", outcome->reason);
        }
        if (outcomes->len > REASONS_MAX)
                g_string_append_printf(text, "\nand %u more", outcomes->len - REASONS_MAX);
        return g_string_free(text, FALSE);
}

static int text_order(gconstpointer a, gconstpointer b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, each once. */
static char **texts_take(GPtrArray *texts)
{
        g_autoptr(GPtrArray) kept = g_ptr_array_new();

        g_ptr_array_sort(texts, text_order);
        for (guint i = 0; i < texts->len; i++)
                if (i == 0 || strcmp(texts->pdata[i - 1], texts->pdata[i]) != 0)
                        g_ptr_array_add(kept, g_strdup(texts->pdata[i]));
        g_ptr_array_add(kept, NULL);
        return (char **)g_ptr_array_free(g_steal_pointer(&kept), FALSE);
}

static char **sources_of(const GPtrArray *outcomes, bool affected)
{
        g_autoptr(GPtrArray) labels = g_ptr_array_new();

        for (guint i = 0; i < outcomes->len; i++) {
                const Outcome *outcome = outcomes->pdata[i];

                if (!affected || outcome->affected != MATCH_NONE)
                        g_ptr_array_add(labels, outcome->label);
        }
        return texts_take(labels);
}

static char **cwes_of(const GPtrArray *outcomes)
{
        g_autoptr(GPtrArray) all = g_ptr_array_new();

        for (guint i = 0; i < outcomes->len; i++) {
                const Outcome *outcome = outcomes->pdata[i];

                for (guint j = 0; j < outcome->cwes->len; j++)
                        g_ptr_array_add(all, outcome->cwes->pdata[j]);
        }
        return texts_take(all);
}

/* Of what all of them say, by source, so that the order of advisories does not matter. */
static char *assertion_of(const GPtrArray *outcomes)
{
        g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(HashState) state = hash_new();
        char hex[ZW_DIGEST_HEX];
        Digest digest;

        for (guint i = 0; i < outcomes->len; i++) {
                const Outcome *outcome = outcomes->pdata[i];

                hex_encode(outcome->content.b, ZW_DIGEST_BYTES, hex);
                g_ptr_array_add(lines, g_strdup_printf("%s %s%s\n", outcome->label, hex,
                                                       outcome->doubted ? " doubted" : ""));
        }
        g_ptr_array_sort(lines, text_order);
        for (guint i = 0; i < lines->len; i++)
                if (i == 0 || strcmp(lines->pdata[i - 1], lines->pdata[i]) != 0)
                        hash_update(state, lines->pdata[i], strlen(lines->pdata[i]));
        digest = hash_finish(state);
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        return g_strdup(hex);
}

static Verdict *verdict_new(const char *key, GPtrArray *outcomes)
{
        Verdict *verdict = g_new0(Verdict, 1);
        const char *blank = strchr(key, ' ');
        g_autofree char *number = g_strndup(key, (size_t)(blank - key));
        const Outcome *first, *details;
        guint64 subject = 0;

        (void)g_ascii_string_to_unsigned(number, 10, 0, G_MAXUINT32, &subject, NULL);
        g_ptr_array_sort(outcomes, outcome_order);
        first = outcomes->pdata[0];
        details = details_of(outcomes);
        verdict->vulnerability = g_strdup(blank + 1);
        verdict->subject = (uint32_t)subject;
        verdict->affected = is_affected(outcomes);
        verdict->confidence = verdict->affected ? first->affected : MAX(first->cleared, first->affected);
        verdict->undecided = verdict->affected && first->undecided;
        verdict->reason = reasons_join(outcomes);
        verdict->sources = sources_of(outcomes, verdict->affected);
        verdict->title = g_strdup(details->title);
        verdict->cvss = g_strdup(details->cvss);
        verdict->score = g_strdup(details->score);
        verdict->severity = g_strdup(details->severity);
        verdict->remediation = g_strdup(details->remediation);
        verdict->cwes = cwes_of(outcomes);
        verdict->assertion = assertion_of(outcomes);
        return verdict;
}

static int verdict_order(gconstpointer a, gconstpointer b)
{
        const Verdict *x = *(Verdict *const *)a, *y = *(Verdict *const *)b;
        int order = strcmp(x->vulnerability, y->vulnerability);

        return order != 0 ? order : (x->subject > y->subject) - (x->subject < y->subject);
}

GPtrArray *verdicts_conclude(const Verdicts *verdicts)
{
        GPtrArray *all = g_ptr_array_new_with_free_func(verdict_free);
        GHashTableIter iter;
        gpointer key, outcomes;

        g_hash_table_iter_init(&iter, verdicts->outcomes);
        while (g_hash_table_iter_next(&iter, &key, &outcomes))
                g_ptr_array_add(all, verdict_new(key, outcomes));
        g_ptr_array_sort(all, verdict_order);
        return all;
}
