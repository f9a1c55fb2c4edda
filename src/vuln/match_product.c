/* The claims of one product of an advisory: candidates by all its keys, each judged, for all subjects of which the same is
 * written at once. */
#include "base/numbers.h"
#include "vuln/internal.h"

#include <string.h>

/* One look-up of what may be the product. */
typedef struct {
        const MatchIndex *index;
        Question *question;
        GArray *installed, *subjects; /* of uint32_t; subjects where their serial numbers are asked */
        GArray *claims;               /* of Claim */
        GStringChunk *reasons;
        Work *work;
        bool by_vendor; /* what has the name alone is the product only with its vendor */
} Search;

static void key_find(Search *search, IndexKey key, const char *text)
{
        size_t n;
        const Posting *postings = index_find(search->index, key, text, &n);

        for (size_t i = 0; i < n && work_take(search->work, WORK_FIND); i++)
                g_array_append_val(key == KEY_SERIAL ? search->subjects : search->installed,
                                   postings[i].installed);
}

/* A name may be everybody's: other vendors are passed over with one comparison for each. */
static void name_find(Search *search, const char *text)
{
        size_t n;
        const Posting *postings = index_find(search->index, KEY_NAME, text, &n);
        bool wanted = false;

        for (size_t i = 0; i < n && work_take(search->work, WORK_FIND); i++) {
                if (i == 0 || postings[i].vendor != postings[i - 1].vendor) {
                        const InstalledVendor *vendor = index_vendor(search->index, postings[i].vendor);

                        work_take(search->work, WORK_VENDOR);
                        wanted = !search->by_vendor || vendor->wild ||
                                 question_vendor(search->question, vendor) != NAME_OTHER;
                }
                if (wanted)
                        g_array_append_val(search->installed, postings[i].installed);
        }
}

static void part_found(const char *text, void *payload)
{
        key_find(payload, KEY_PART, text);
}

static void serial_found(const char *text, void *payload)
{
        key_find(payload, KEY_SERIAL, text);
}

static void number_find(Search *search, IndexKey key, const char *number)
{
        g_autofree char *folded = NULL;

        if (!number_is_exact(number)) {
                index_find_pattern(search->index, key, number, search->work,
                                   key == KEY_PART ? part_found : serial_found, search);
                return;
        }
        folded = number_fold(number);
        key_find(search, key, folded);
}

static void lists_find(Search *search, const Product *product)
{
        JIter serials = jval_iter(product->given->serials), hashes = jval_iter(product->given->hashes);
        JVal value;

        for (guint i = 0; i < product->parts->len; i++)
                number_find(search, KEY_PART, product->parts->pdata[i]);
        for (guint i = 0; i < product->purls->len; i++) {
                g_autofree char *package = purl_package(&g_array_index(product->purls, Purl, i));

                key_find(search, KEY_PURL, package);
        }
        while (jiter_next(&serials, &value))
                if (value.type == JVAL_STRING)
                        number_find(search, KEY_SERIAL, jval_text(value, NULL));
        while (jiter_next(&hashes, &value))
                key_find(search, KEY_HASH, jval_text(value, NULL));
}

static int claim_order(gconstpointer a, gconstpointer b)
{
        return numbers_order(&((const Claim *)a)->subject, &((const Claim *)b)->subject);
}

/* One judgement for all subjects of a thing. */
static void installed_claim(Search *search, uint32_t number)
{
        static const Serial none = { 0 };
        const Installed *installed = index_installed(search->index, number);
        Claim claim = { 0 };

        if (!question_judge(search->question, installed, &none, search->reasons, &claim))
                return;
        for (guint i = 0; i < installed->subjects->len && work_take(search->work, WORK_CLAIM); i++) {
                claim.subject = g_array_index(installed->subjects, uint32_t, i);
                g_array_append_val(search->claims, claim);
        }
}

/* The source names serial numbers, so that each subject is judged for itself. */
static void subjects_claim(Search *search)
{
        for (guint i = 0; i < search->installed->len && search->work->left > 0; i++) {
                const GArray *subjects = index_installed(search->index,
                                                         g_array_index(search->installed, uint32_t, i))
                                                 ->subjects;

                work_take(search->work, (uint64_t)subjects->len * WORK_FIND);
                g_array_append_vals(search->subjects, subjects->data, subjects->len);
        }
        numbers_sort(search->subjects);
        for (guint i = 0; i < search->subjects->len && work_take(search->work, WORK_JUDGE); i++) {
                Claim claim = { .subject = g_array_index(search->subjects, uint32_t, i) };
                const uint32_t installed = index_installed_of(search->index, claim.subject);

                if (question_judge(search->question, index_installed(search->index, installed),
                                   index_serial(search->index, claim.subject), search->reasons, &claim))
                        g_array_append_val(search->claims, claim);
        }
}

GArray *product_claims(const MatchIndex *index, const Product *product, GStringChunk *reasons, Work *work)
{
        g_autoptr(GArray) installed = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                          subjects = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_autofree char *cpe = index_cpe_key(&product->cpe);
        g_auto(Question) question = question_new(product);
        Search search = { .index = index,
                          .question = &question,
                          .installed = installed,
                          .subjects = subjects,
                          .claims = g_array_new(FALSE, FALSE, sizeof(Claim)),
                          .reasons = reasons,
                          .work = work,
                          .by_vendor = product->cpe.value[0] == NULL || cpe != NULL };

        name_find(&search, product->name.key);
        for (size_t i = 0; question.full[i] != NULL; i++)
                name_find(&search, question.full[i]);
        key_find(&search, KEY_CPE, cpe);
        lists_find(&search, product);
        numbers_sort(installed);
        if (jval_count(product->given->serials) > 0)
                subjects_claim(&search);
        else
                for (guint i = 0; i < installed->len && work_take(work, WORK_JUDGE); i++)
                        installed_claim(&search, g_array_index(installed, uint32_t, i));
        g_array_sort(search.claims, claim_order);
        return search.claims;
}
