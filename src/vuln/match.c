/* An advisory against the index. Claims on a product are made once, whatever number of vulnerabilities name it; a product of two
 * takes the claims on its parts that belong together. Then, per vulnerability, what is said of a subject is weighed. */
#include "vuln/internal.h"

#include <string.h>

enum { PARTS_DEPTH_MAX = 8, REASONS_BYTES = 4096 };

typedef struct {
        const MatchIndex *index;
        const Advisory *advisory;
        GArray **claims; /* per product: of Claim, or NULL while they are not made */
        GArray *matches; /* of Match */
        GStringChunk *reasons;
        signed char *supplier; /* per product: is the advisory from its supplier; -1 while it was not asked */
        Work work;
} Run;

const char *match_confidence_name(MatchConfidence confidence)
{
        static const char *const names[] = { NULL, "possible", "probable", "exact" };

        return names[confidence];
}

static void match_clear(gpointer data)
{
        Match *match = data;

        g_free(match->reason);
}

/* ---- products of two ---- */

static GArray *claims_of(Run *run, int product, int depth);

static bool is_stronger(const Claim *a, const Claim *b)
{
        return a->confidence != b->confidence ? a->confidence > b->confidence : a->narrow > b->narrow;
}

/* The best claim on the other part among subjects that belong to `subject`; NULL when none does. */
static const Claim *other_part(Run *run, const GArray *others, uint32_t subject)
{
        const Claim *best = NULL;

        for (guint i = 0; i < others->len && work_take(&run->work, WORK_TOGETHER); i++) {
                const Claim *claim = &g_array_index(others, Claim, i);

                if ((best == NULL || is_stronger(claim, best)) &&
                    index_is_together(run->index, subject, claim->subject))
                        best = claim;
        }
        return best;
}

static Claim claim_join(const Run *run, const Claim *part, const Claim *other, const AdvisoryProduct *product)
{
        Claim joined = *part;
        g_autofree char *relation = g_strdelimit(g_strdup(product->relation == NULL ? "with"
                                                                                    : product->relation),
                                                 "_", ' '),
                        *reason = NULL;

        if (part->confidence == MATCH_NONE || (other != NULL && other->confidence == MATCH_NONE)) {
                joined.confidence = MATCH_NONE;
                joined.reason = NULL;
                return joined;
        }
        if (other == NULL) {
                const char *name = advisory_product(run->advisory, (size_t)product->on)->name;

                joined.confidence = MATCH_POSSIBLE;
                joined.undecided = true;
                reason = g_strdup_printf("%s; %s %s, which is not known to be there", part->reason, relation,
                                         name == NULL ? "another product" : name);
                joined.reason = g_string_chunk_insert(run->reasons, reason);
                return joined;
        }
        joined.confidence = MIN(part->confidence, other->confidence);
        joined.narrow = MAX(part->narrow, other->narrow);
        joined.undecided = part->undecided || other->undecided;
        joined.variant = part->variant || other->variant;
        reason = g_strdup_printf("%s; %s: %s", part->reason, relation, other->reason);
        joined.reason = g_string_chunk_insert(run->reasons, reason);
        return joined;
}

static GArray *claims_join(Run *run, const AdvisoryProduct *product, int depth)
{
        GArray *joined = g_array_new(FALSE, FALSE, sizeof(Claim));
        const GArray *parts, *others;

        if (depth >= PARTS_DEPTH_MAX)
                return joined;
        parts = claims_of(run, product->of, depth + 1);
        if (parts->len == 0)
                return joined;
        others = claims_of(run, product->on, depth + 1);
        for (guint i = 0; i < parts->len && work_take(&run->work, WORK_JUDGE); i++) {
                const Claim *part = &g_array_index(parts, Claim, i);
                Claim claim = claim_join(run, part, other_part(run, others, part->subject), product);

                g_array_append_val(joined, claim);
        }
        return joined;
}

static GArray *claims_read(Run *run, const AdvisoryProduct *given)
{
        g_auto(Product) read = product_read(given);
        GArray *claims = product_claims(run->index, &read, run->reasons, &run->work);
        g_autoptr(GPtrArray) others = claims->len > 0 ? NULL : named_products_read(given);

        for (guint i = 0; others != NULL && i < others->len; i++) {
                const NamedProduct *named = g_ptr_array_index(others, i);
                g_autoptr(GArray)
                        more = product_claims(run->index, &named->product, run->reasons, &run->work);

                g_array_append_vals(claims, more->data, more->len);
        }
        return claims;
}

static GArray *claims_of(Run *run, int product, int depth)
{
        const AdvisoryProduct *given = advisory_product(run->advisory, (size_t)product);
        GArray *claims;

        if (run->claims[product] != NULL)
                return run->claims[product];
        if (given->of >= 0)
                claims = claims_join(run, given, depth);
        else if (given->relation != NULL) /* of two that are not told: its name means neither */
                claims = g_array_new(FALSE, FALSE, sizeof(Claim));
        else
                claims = claims_read(run, given);
        if (run->claims[product] == NULL)
                run->claims[product] = claims;
        else
                g_array_unref(claims); /* a product made of itself was here before */
        return run->claims[product];
}

/* ---- what is said of one subject ---- */

typedef struct {
        Claim affected, cleared; /* confidence NONE: nothing of that kind */
        int affected_product, cleared_product;
        AdvisoryStatus cleared_by;
        bool investigated; /* somebody still looks into it */
        bool spared;       /* the version is outside for another order number of the name */
        Claim looked;      /* the claim of what is investigated */
        int looked_product;
} Said;

static Said *said_of(GHashTable *said, uint32_t subject)
{
        Said *found = g_hash_table_lookup(said, GUINT_TO_POINTER(subject));

        if (found == NULL) {
                found = g_new0(Said, 1);
                g_hash_table_insert(said, GUINT_TO_POINTER(subject), found);
        }
        return found;
}

static void say(Run *run, GHashTable *said, AdvisoryStatus status, int product, const GArray *claims)
{
        for (guint i = 0; i < claims->len && work_take(&run->work, WORK_SAY); i++) {
                const Claim *claim = &g_array_index(claims, Claim, i);
                bool affected = status <= STATUS_LAST_AFFECTED;
                Said *here;

                if (claim->confidence == MATCH_NONE && !(affected && claim->variant))
                        continue;
                here = said_of(said, claim->subject);
                if (claim->confidence == MATCH_NONE)
                        here->spared = true;
                else if (status == STATUS_UNDER_INVESTIGATION) {
                        if (!here->investigated || is_stronger(claim, &here->looked)) {
                                here->looked = *claim;
                                here->looked_product = product;
                        }
                        here->investigated = true;
                } else if (affected && is_stronger(claim, &here->affected)) {
                        here->affected = *claim;
                        here->affected_product = product;
                } else if (!affected && is_stronger(claim, &here->cleared)) {
                        here->cleared = *claim;
                        here->cleared_product = product;
                        here->cleared_by = status;
                }
        }
}

/* A statement about this very version outweighs one about a range, and that one about all versions. */
static bool clears(const Said *said)
{
        int affected = said->affected.undecided ? 0 : said->affected.narrow;

        if (said->cleared.confidence == MATCH_NONE || said->cleared.undecided)
                return false;
        if (said->affected.confidence == MATCH_NONE)
                return true;
        return said->cleared.confidence >= said->affected.confidence && said->cleared.narrow > affected;
}

static bool supplier_read(const Advisory *advisory, int product)
{
        const AdvisoryProduct *given = advisory_product(advisory, (size_t)product);

        for (int depth = 0; given->of >= 0 && depth < PARTS_DEPTH_MAX; depth++)
                given = advisory_product(advisory, (size_t)given->of);
        if (!advisory_is_vendor(advisory) || given->vendor == NULL)
                return false;
        g_auto(VendorName) vendor = vendor_name_read(given->vendor);

        return vendor_name_begins(&vendor, advisory_publisher(advisory));
}

static bool is_supplier(Run *run, int product)
{
        if (run->supplier[product] < 0)
                run->supplier[product] = supplier_read(run->advisory, product) ? 1 : 0;
        return run->supplier[product] > 0;
}

static void affected_take(const Said *said, Match *match)
{
        GString *reason = g_string_new(said->affected.reason);

        match->product = said->affected_product;
        match->affected = said->affected.confidence;
        match->undecided = said->affected.undecided;
        if (said->affected.variant && said->spared && match->affected == MATCH_PROBABLE) {
                match->affected = MATCH_POSSIBLE;
                match->undecided = true;
                g_string_append(
                        reason,
                        "; other order numbers of this name are not affected in this version, and the "
                        "order number is not known here");
        }
        if (said->cleared.confidence != MATCH_NONE)
                g_string_append_printf(reason, "; the same source lists it as %s too (%s)",
                                       advisory_status_name(said->cleared_by), said->cleared.reason);
        match->reason = g_string_free(reason, FALSE);
}

static void cleared_take(const Run *run, const Said *said, Match *match)
{
        const char *why = said->cleared_by == STATUS_KNOWN_NOT_AFFECTED
                                  ? advisory_justification(run->advisory, match->vulnerability,
                                                           said->cleared_product)
                                  : NULL;

        match->product = said->cleared_product;
        match->cleared = said->cleared.confidence;
        match->reason = g_strdup_printf("%s (%s%s%s)", advisory_status_name(said->cleared_by),
                                        said->cleared.reason, why == NULL ? "" : "; ",
                                        why == NULL ? "" : why);
}

static void investigated_take(const Said *said, Match *match)
{
        match->product = said->looked_product;
        match->affected = MATCH_POSSIBLE;
        match->undecided = true;
        match->reason = g_strdup_printf("under investigation (%s)", said->looked.reason);
}

static void conclude(Run *run, size_t vulnerability, uint32_t subject, const Said *said)
{
        Match match = { .vulnerability = vulnerability, .subject = subject };

        if (!clears(said) && said->affected.confidence == MATCH_NONE && !said->investigated)
                return;
        if (clears(said))
                cleared_take(run, said, &match);
        else if (said->affected.confidence != MATCH_NONE)
                affected_take(said, &match);
        else
                investigated_take(said, &match);
        match.supplier = is_supplier(run, match.product);
        g_array_append_val(run->matches, match);
}

/* ---- from the first affected version to the last ---- */

/* The product of the same name in a list, -1 when there is none. */
static int partner_find(Run *run, const Product *product, const int *list, size_t n)
{
        for (size_t i = 0; i < n && work_take(&run->work, WORK_READ); i++) {
                g_auto(Product) other = product_read(advisory_product(run->advisory, (size_t)list[i]));

                if (other.range != NULL && g_strcmp0(product->name.key, other.name.key) == 0 &&
                    g_strcmp0(product->vendor.words, other.vendor.words) == 0)
                        return list[i];
        }
        return -1;
}

/* Claims on a stretch of versions that two statuses enclose, or that is open to one side. */
static void say_stretch(Run *run, GHashTable *said, AdvisoryStatus status, int number, const int *ends,
                        size_t n)
{
        const AdvisoryProduct *given = advisory_product(run->advisory, (size_t)number);
        g_auto(Product) product = product_read(given);
        bool first = status == STATUS_FIRST_AFFECTED;
        int partner = given->version == NULL ? -1 : partner_find(run, &product, ends, n);
        const char *end = partner < 0 ? NULL : advisory_product(run->advisory, (size_t)partner)->version;
        g_autoptr(GArray) claims = NULL;

        say(run, said, status, number, claims_of(run, number, 0)); /* the version itself */
        if (given->version == NULL || given->range != NULL || given->of >= 0 || (partner >= 0 && !first))
                return;
        g_clear_pointer(&product.range, range_free);
        product.range = first ? range_between(given->version, true, end, true)
                              : range_between(NULL, false, given->version, true);
        g_free(product.version_text);
        product.version_text = end != NULL ? g_strdup_printf("%s to %s", given->version, end)
                                           : g_strdup_printf("%s and %s", given->version,
                                                             first ? "later" : "earlier");
        product.range_text = product.version_text;
        product.open = end == NULL;
        claims = product_claims(run->index, &product, run->reasons, &run->work);
        say(run, said, status, number, claims);
}

static void say_stretches(Run *run, GHashTable *said, size_t vulnerability)
{
        size_t n_first, n_last;
        const int *first = advisory_status(run->advisory, vulnerability, STATUS_FIRST_AFFECTED, &n_first);
        const int *last = advisory_status(run->advisory, vulnerability, STATUS_LAST_AFFECTED, &n_last);

        for (size_t i = 0; i < n_first; i++)
                say_stretch(run, said, STATUS_FIRST_AFFECTED, first[i], last, n_last);
        for (size_t i = 0; i < n_last; i++)
                say_stretch(run, said, STATUS_LAST_AFFECTED, last[i], first, n_first);
}

/* ---- the advisory ---- */

static int subject_order(gconstpointer a, gconstpointer b)
{
        guint x = GPOINTER_TO_UINT(*(gpointer const *)a), y = GPOINTER_TO_UINT(*(gpointer const *)b);

        return x < y ? -1 : x > y;
}

static void vulnerability_match(Run *run, size_t vulnerability)
{
        static const AdvisoryStatus plain[] = { STATUS_KNOWN_AFFECTED, STATUS_FIRST_FIXED, STATUS_FIXED,
                                                STATUS_KNOWN_NOT_AFFECTED, STATUS_UNDER_INVESTIGATION };
        g_autoptr(GHashTable) said = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        g_autoptr(GPtrArray) subjects = g_ptr_array_new();
        GHashTableIter iter;
        gpointer subject;

        for (size_t i = 0; i < G_N_ELEMENTS(plain); i++) {
                size_t n;
                const int *products = advisory_status(run->advisory, vulnerability, plain[i], &n);

                for (size_t j = 0; j < n && work_take(&run->work, WORK_SAY); j++)
                        say(run, said, plain[i], products[j], claims_of(run, products[j], 0));
        }
        say_stretches(run, said, vulnerability);
        g_hash_table_iter_init(&iter, said);
        while (g_hash_table_iter_next(&iter, &subject, NULL))
                g_ptr_array_add(subjects, subject);
        g_ptr_array_sort(subjects, subject_order);
        for (guint i = 0; i < subjects->len; i++)
                conclude(run, vulnerability, GPOINTER_TO_UINT(subjects->pdata[i]),
                         g_hash_table_lookup(said, subjects->pdata[i]));
}

GArray *match_advisory(const MatchIndex *index, const Advisory *advisory, GError **error)
{
        size_t n = advisory_product_count(advisory);
        g_autofree GArray **claims = g_new0(GArray *, n + 1);
        g_autofree signed char *supplier = g_malloc(n + 1);
        g_autoptr(GArray) matches = g_array_new(FALSE, FALSE, sizeof(Match));
        Run run = { .index = index,
                    .advisory = advisory,
                    .claims = claims,
                    .matches = matches,
                    .reasons = g_string_chunk_new(REASONS_BYTES),
                    .supplier = supplier,
                    .work = { WORK_MAX } };

        memset(supplier, -1, n + 1);
        g_array_set_clear_func(matches, match_clear);
        for (size_t i = 0; i < advisory_vulnerability_count(advisory) && run.work.left > 0; i++)
                vulnerability_match(&run, i);
        for (size_t i = 0; i < n; i++)
                if (claims[i] != NULL)
                        g_array_unref(claims[i]);
        g_string_chunk_free(run.reasons);
        if (run.work.left > 0)
                return g_steal_pointer(&matches);
        error_set(error, ZW_ERR_LIMIT, advisory_label(advisory),
                  "the advisory names too much of what is installed to be matched in bounds");
        return NULL;
}
