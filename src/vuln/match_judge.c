/* One product of an advisory against one thing installed: first what identifies it, then its version. */
#include "vuln/internal.h"

#include "vuln/version.h"

#include <string.h>

Question question_new(const Product *product)
{
        return (Question){ .product = product,
                           .full = product_full_keys(product),
                           .reason = g_string_new(NULL) };
}

void question_clear(Question *question)
{
        g_clear_pointer(&question->full, g_strfreev);
        if (question->reason != NULL)
                g_string_free(g_steal_pointer(&question->reason), TRUE);
}

/* ---- identity ---- */

typedef enum {
        IDENTITY_NONE,
        IDENTITY_WEAK,
        IDENTITY_NAME,
        IDENTITY_CPE,
        IDENTITY_EXACT,
        IDENTITY_UNIQUE
} Identity;

typedef struct {
        Identity identity;
        bool variant;
        const Purl *purl; /* the package URL that was the same */
        GString *reason;
} Identified;

static bool list_fits(JVal list, const char *number, const char **ret_entry)
{
        JIter iter = jval_iter(list);
        JVal value;

        while (jiter_next(&iter, &value))
                if (value.type == JVAL_STRING && number_fits(jval_text(value, NULL), number)) {
                        *ret_entry = jval_text(value, NULL);
                        return true;
                }
        return false;
}

static bool same_hash(const Product *product, const Installed *installed, Identified *ret)
{
        JIter iter = jval_iter(product->given->hashes);
        JVal value;

        while (installed->hashes != NULL && jiter_next(&iter, &value))
                if (value.type == JVAL_STRING &&
                    g_strv_contains((const char *const *)installed->hashes, jval_text(value, NULL))) {
                        g_string_append_printf(ret->reason, "hash %s", jval_text(value, NULL));
                        ret->identity = IDENTITY_UNIQUE;
                        return true;
                }
        return false;
}

/* True when it is decided: the serial number fits, or the source names serial numbers and this one is not among them. */
static bool same_serial(const Product *product, const Serial *serial, Identified *ret)
{
        const char *entry;

        if (serial->folded == NULL || jval_count(product->given->serials) == 0)
                return false;
        if (list_fits(product->given->serials, serial->folded, &entry)) {
                g_string_append_printf(ret->reason, "serial number %s", serial->text);
                ret->identity = IDENTITY_UNIQUE;
        }
        return true;
}

/* True when it is decided: the part number fits, or is another one. */
static bool same_part(const Product *product, const Installed *installed, Identified *ret)
{
        if (product->parts->len == 0)
                return false;
        if (installed->part == NULL) {
                ret->variant = true;
                return false;
        }
        for (guint i = 0; i < product->parts->len; i++)
                if (number_fits(product->parts->pdata[i], installed->part)) {
                        g_string_append_printf(ret->reason, "part number %s", installed->part_text);
                        ret->identity = IDENTITY_EXACT;
                        return true;
                }
        return true;
}

/* Qualifiers that tell packages of one name apart, where both state them. */
static bool same_qualifiers(const Purl *a, const Purl *b)
{
        static const char *const keys[] = { "arch", "distro", "type", "classifier" };

        for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
                const char *left = purl_qualifier(a, keys[i]), *right = purl_qualifier(b, keys[i]);

                if (left != NULL && right != NULL && strcmp(left, right) != 0)
                        return false;
        }
        return true;
}

/* True when it is decided: both have package URLs of one type. */
static bool same_purl(const Product *product, const Installed *installed, Identified *ret)
{
        bool comparable = false;

        for (guint i = 0; i < product->purls->len; i++) {
                const Purl *purl = &g_array_index(product->purls, Purl, i);

                if (g_strcmp0(purl->type, installed->purl.type) != 0)
                        continue;
                comparable = true;
                if (strcmp(purl->name, installed->purl.name) != 0 ||
                    g_strcmp0(purl->namespace, installed->purl.namespace) != 0 ||
                    !same_qualifiers(purl, &installed->purl))
                        continue;
                g_string_append_printf(ret->reason, "package URL of %s", purl->name);
                ret->identity = IDENTITY_EXACT;
                ret->purl = purl;
                return true;
        }
        return comparable;
}

/* True when it is decided: the names fit, or mean firmware and hardware of one name. */
static bool same_cpe(const Product *product, const Installed *installed, Identified *ret)
{
        const unsigned version = 1u << CPE_VERSION | 1u << CPE_UPDATE;
        const Cpe *source = &product->cpe, *target = &installed->cpe;

        if (source->value[0] == NULL || target->value[0] == NULL)
                return false;
        if (cpe_compare(source, target) == CPE_EQUAL && !cpe_is_any(source, CPE_VERSION) &&
            product->given->range == NULL) {
                g_string_append(ret->reason, "the same CPE name");
                ret->identity = IDENTITY_EXACT;
                return true;
        }
        if (cpe_fits(source, target, version)) {
                g_string_append_printf(ret->reason, "CPE name of %s", target->value[CPE_PRODUCT]);
                ret->identity = IDENTITY_CPE;
                return true;
        }
        if (cpe_is_firmware_of(source, target)) {
                g_string_append_printf(ret->reason, "firmware of %s, whose version is not known",
                                       target->value[CPE_PRODUCT]);
                ret->identity = IDENTITY_WEAK;
                return true;
        }
        return cpe_compare_values(source->value[CPE_PART], target->value[CPE_PART]) == CPE_DISJOINT;
}

/* A series in one name (`Portal 8.0.x`) must hold the version of the other, or be its series. False when it does not;
 * *ret_weak when that cannot be told. */
static bool same_series(const Product *product, const Installed *installed, bool *ret_weak)
{
        const char *left = product->name.series, *right = installed->name.series,
                   *version = installed->version;
        VersionOrder order;

        if (left == NULL)
                return true;
        if (right != NULL && version == NULL)
                version = right;
        if (version == NULL) {
                *ret_weak = true;
                return true;
        }
        order = version_in_series(version, left);
        if (order == VERSION_UNDECIDED)
                *ret_weak = true;
        return order == VERSION_EQUAL || order == VERSION_UNDECIDED;
}

/* Spelt with another letter, or shorter or longer, it is the same one only as far as the product has its name from nobody else. */
static NameAnswer same_vendor(const Product *product, const InstalledVendor *installed)
{
        NameAnswer vendor;

        if (product->vendor.words == NULL || installed->name.words == NULL)
                return NAME_NEAR;
        vendor = vendor_name_compare(&product->vendor, &installed->name);
        if ((vendor == NAME_SPELT && product_name_is_own(&product->name)) ||
            (vendor == NAME_NEAR && product_name_is_distinct(&product->name)))
                return NAME_SAME;
        return vendor == NAME_SPELT ? NAME_NEAR : vendor;
}

NameAnswer question_vendor(Question *question, const InstalledVendor *vendor)
{
        if (question->asked != vendor) {
                question->answer = same_vendor(question->product, vendor);
                question->asked = vendor;
        }
        return question->answer;
}

/* The product with one of its vendor's names before it is what is written here. */
static bool is_full_name(const Question *question, const Installed *installed)
{
        return g_strv_contains((const char *const *)question->full, installed->name.key);
}

/* Alone, or with the vendor before it on one side: `Exacq Vision` of Exacq and `exacqVision`. */
static bool same_words(const Question *question, const Installed *installed)
{
        const char *key = question->product->name.key;
        g_autofree char *full = NULL;

        if (strcmp(key, installed->name.key) == 0) /* nearly always; the rest takes memory */
                return true;
        full = product_name_key(installed->vendor->name.words, installed->name.core);
        return strcmp(key, full) == 0 || is_full_name(question, installed);
}

/* Its vendor is told nowhere but before the product: `Moxa NPort 5150A`. */
static bool vendor_in_name(const Question *question, const Installed *installed)
{
        return installed->vendor->name.words == NULL && is_full_name(question, installed);
}

static void vendor_explain(const Product *product, const InstalledVendor *installed, GString *reason)
{
        const char *given = product->given->vendor;

        if (product->vendor.words == NULL)
                g_string_append(reason, "the source tells no vendor");
        else if (installed->name.words == NULL)
                g_string_append(reason, "its vendor is not known here");
        else
                g_string_append_printf(reason, "the vendor is %s here and %s there", installed->text,
                                       given == NULL ? product->vendor.words : given);
}

/* Firmware and hardware of one name are two things; *ret_weak when only one side says which it is. */
static bool same_layer(NameLayer a, NameLayer b, bool *ret_weak)
{
        if (a == b || (a != LAYER_HARDWARE && b != LAYER_HARDWARE))
                return true;
        *ret_weak = true;
        return a == LAYER_NONE || b == LAYER_NONE;
}

static void same_name(Question *question, const Installed *installed, Identified *ret)
{
        const Product *product = question->product;
        NameAnswer vendor;
        bool weak, within;

        if (product->name.core == NULL || installed->name.core == NULL || product->name.core[0] == '\0')
                return;
        vendor = question_vendor(question, installed->vendor);
        within = vendor_in_name(question, installed);
        if (within)
                vendor = NAME_SAME;
        else if (vendor == NAME_OTHER || !same_words(question, installed))
                return;
        weak = product->whole_name || vendor != NAME_SAME;
        if (!same_layer(product->name.layer, installed->name.layer, &weak) ||
            !same_series(product, installed, &weak))
                return;
        g_string_append_printf(ret->reason, "name %s", installed->product_text);
        if (vendor != NAME_SAME) {
                g_string_append(ret->reason, " (");
                vendor_explain(product, installed->vendor, ret->reason);
                g_string_append(ret->reason, ")");
        } else if (!within)
                g_string_append_printf(ret->reason, " of %s", installed->vendor->text);
        ret->identity = weak ? IDENTITY_WEAK : IDENTITY_NAME;
}

static void identify(Question *question, const Installed *installed, const Serial *serial, Identified *ret)
{
        const Product *product = question->product;

        if (same_hash(product, installed, ret) || same_serial(product, serial, ret) ||
            same_part(product, installed, ret) || same_purl(product, installed, ret) ||
            same_cpe(product, installed, ret))
                return;
        same_name(question, installed, ret);
}

/* ---- version ---- */

typedef enum {
        VERSION_OUT,
        VERSION_IN,
        VERSION_ALL,
        VERSION_UNSTATED,
        VERSION_UNTOLD,
        VERSION_UNKNOWN
} VersionAnswer;

/* A package URL with a version means that version. */
static VersionAnswer purl_version(const Purl *purl, const Installed *installed, Claim *claim, GString *reason)
{
        g_autofree char *version = purl_full_version(purl), *here = purl_full_version(&installed->purl);

        claim->narrow = 2;
        if (here == NULL)
                here = g_strdup(installed->version);
        if (here == NULL) {
                g_string_append_printf(reason, "; named is version %s, and the installed one is not known",
                                       version);
                return VERSION_UNKNOWN;
        }
        if (strcmp(version, here) != 0)
                return VERSION_OUT;
        g_string_append_printf(reason, "; version %s is named", here);
        return VERSION_IN;
}

static VersionAnswer range_version(const Product *product, const Installed *installed, Claim *claim,
                                   GString *reason)
{
        claim->narrow = range_is_list(product->range) ? 2 : 1;
        if (range_is_all(product->range)) {
                claim->narrow = 0;
                g_string_append(reason, "; all versions");
                return VERSION_ALL;
        }
        if (installed->version == NULL) {
                g_string_append_printf(reason, "; stated is \"%s\", and the installed version is not known",
                                       product->range_text);
                return VERSION_UNKNOWN;
        }
        switch (range_contains(product->range, installed->version)) {
        case RANGE_OUTSIDE:
                return VERSION_OUT;
        case RANGE_INSIDE:
                g_string_append_printf(reason, "; version %s is within \"%s\"", installed->version,
                                       product->range_text);
                return VERSION_IN;
        case RANGE_UNDECIDED:
                break;
        }
        g_string_append_printf(reason, "; whether version %s is within \"%s\" cannot be decided",
                               installed->version, product->range_text);
        return VERSION_UNTOLD;
}

static VersionAnswer version_judge(const Product *product, const Installed *installed,
                                   const Identified *identified, Claim *claim)
{
        if (identified->purl != NULL && identified->purl->version != NULL && product->given->range == NULL)
                return purl_version(identified->purl, installed, claim, identified->reason);
        /* under a package URL, the version branch repeats the whole name of the package */
        if (product->range != NULL && (identified->purl == NULL || product->given->range != NULL))
                return range_version(product, installed, claim, identified->reason);
        claim->narrow = 0;
        g_string_append(identified->reason, "; the source states no version");
        return VERSION_UNSTATED;
}

/* ---- the claim ---- */

static MatchConfidence confidence_of(Identity identity, VersionAnswer version)
{
        if (version == VERSION_OUT)
                return MATCH_NONE;
        if (version == VERSION_UNTOLD || version == VERSION_UNKNOWN || identity == IDENTITY_WEAK)
                return MATCH_POSSIBLE;
        switch (identity) {
        case IDENTITY_UNIQUE:
                return MATCH_EXACT;
        case IDENTITY_EXACT:
                return version == VERSION_UNSTATED ? MATCH_PROBABLE : MATCH_EXACT;
        case IDENTITY_CPE:
                return MATCH_PROBABLE;
        default:
                return version == VERSION_UNSTATED ? MATCH_POSSIBLE : MATCH_PROBABLE;
        }
}

bool question_judge(Question *question, const Installed *installed, const Serial *serial,
                    GStringChunk *reasons, Claim *ret_claim)
{
        const Product *product = question->product;
        GString *reason = g_string_truncate(question->reason, 0);
        Identified identified = { .reason = reason };
        Claim claim = { .subject = ret_claim->subject };
        VersionAnswer version;

        identify(question, installed, serial, &identified);
        if (identified.identity == IDENTITY_NONE)
                return false;
        if (identified.identity == IDENTITY_UNIQUE && product->range == NULL)
                claim.narrow = 2;
        /* a hash is of one version, whatever the version is called */
        version = g_str_has_prefix(reason->str, "hash ")
                          ? VERSION_IN
                          : version_judge(product, installed, &identified, &claim);
        claim.confidence = confidence_of(identified.identity, version);
        claim.undecided = version == VERSION_UNTOLD || version == VERSION_UNKNOWN;
        claim.variant = identified.variant && identified.identity <= IDENTITY_NAME;
        if (product->open && claim.confidence != MATCH_NONE) {
                claim.confidence = MATCH_POSSIBLE;
                claim.undecided = true;
                g_string_append(reason, ", but the source leaves out where that ends");
        }
        if (claim.confidence != MATCH_NONE)
                claim.reason = g_string_chunk_insert(reasons, reason->str);
        *ret_claim = claim;
        return true;
}
