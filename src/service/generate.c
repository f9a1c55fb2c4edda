/* Projects for measuring (docs/bench.md): of a stated size, shaped like a real case, the same for the same seed. Items and
 * links are written as operations of the log, in commits of a few thousand, so that everything downstream is real. Assets
 * lie in zones, products are shared with a long tail, and most links stay within a zone. */
#include "base/log.h"
#include "base/near.h"
#include "service/internal.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_OPS = 10000, TAIL = 100 };

typedef struct {
        const char *name;
        uint32_t zones, assets, findings, items, links;
} Size;

/* The sizes of docs/bench.md. */
static const Size sizes[] = {
        { "S", 20, 500, 1000, 5000, 20000 },
        { "M", 200, 10000, 50000, 100000, 400000 },
        { "L", 2000, 200000, 300000, 1000000, 5000000 },
        { "Q", 100, 10000, 100000, 150000, 500000 },
};

/* How many of each kind: a fixed multiple of the zones or assets, or a share of what is left up to `items`. */
typedef struct {
        KindId kind;
        enum { PER_ZONE, PER_ASSET, FINDINGS, SHARE } rule;
        uint32_t thousandths;
} Portion;

static const Portion portions[] = {
        { ZW_KIND_SYSTEM, PER_ZONE, 50 },      { ZW_KIND_ZONE, PER_ZONE, 1000 },
        { ZW_KIND_CONDUIT, PER_ZONE, 1200 },   { ZW_KIND_ACCESS_POINT, PER_ZONE, 250 },
        { ZW_KIND_SL_TARGET, PER_ZONE, 2200 }, { ZW_KIND_SAFETY_FUNCTION, PER_ZONE, 800 },
        { ZW_KIND_HAZARD, PER_ZONE, 1000 },    { ZW_KIND_ASSET, PER_ASSET, 1000 },
        { ZW_KIND_COMPONENT, PER_ASSET, 60 },  { ZW_KIND_CONFIGURATION, PER_ASSET, 40 },
        { ZW_KIND_FINDING, FINDINGS, 1000 },   { ZW_KIND_THREAT, SHARE, 50 },
        { ZW_KIND_RISK, SHARE, 80 },           { ZW_KIND_REQUIREMENT, SHARE, 300 },
        { ZW_KIND_CLAIM, SHARE, 270 },         { ZW_KIND_COUNTERMEASURE, SHARE, 30 },
        { ZW_KIND_TEST_CASE, SHARE, 150 },     { ZW_KIND_EVIDENCE, SHARE, 90 },
        { ZW_KIND_DOCUMENT, SHARE, 30 },
};

/* Links: each item of the first kind gets `least` of them; what is missing to the size is spread by `weight`. */
typedef struct {
        LinkTypeId type;
        KindId from, to;
        AsId as;
        uint8_t least, weight;
        enum { IN_ZONE, IN_SYSTEM, ANYWHERE } reach; /* where the other end lies */
} Pattern;

static const Pattern patterns[] = {
        { ZW_LINK_PART_OF, ZW_KIND_ZONE, ZW_KIND_SYSTEM, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_PART_OF, ZW_KIND_CONDUIT, ZW_KIND_SYSTEM, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_PART_OF, ZW_KIND_ASSET, ZW_KIND_ZONE, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_INSTANCE_OF, ZW_KIND_ASSET, ZW_KIND_COMPONENT, ZW_AS_NONE, 1, 0, ANYWHERE },
        { ZW_LINK_CONNECTS, ZW_KIND_CONDUIT, ZW_KIND_ZONE, ZW_AS_A, 1, 0, IN_ZONE },
        { ZW_LINK_CONNECTS, ZW_KIND_CONDUIT, ZW_KIND_ZONE, ZW_AS_B, 1, 0, IN_SYSTEM },
        { ZW_LINK_CONNECTS, ZW_KIND_ACCESS_POINT, ZW_KIND_ZONE, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_TARGETS, ZW_KIND_SL_TARGET, ZW_KIND_ZONE, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_ASSESSES, ZW_KIND_RISK, ZW_KIND_THREAT, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_WITHIN, ZW_KIND_RISK, ZW_KIND_ZONE, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_JUSTIFIES, ZW_KIND_RISK, ZW_KIND_SL_TARGET, ZW_AS_NONE, 1, 1, IN_ZONE },
        { ZW_LINK_THREATENS, ZW_KIND_THREAT, ZW_KIND_ASSET, ZW_AS_NONE, 2, 3, IN_ZONE },
        { ZW_LINK_LEADS_TO, ZW_KIND_THREAT, ZW_KIND_HAZARD, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_DERIVES, ZW_KIND_SL_TARGET, ZW_KIND_REQUIREMENT, ZW_AS_NONE, 3, 6, IN_ZONE },
        { ZW_LINK_DERIVES, ZW_KIND_REQUIREMENT, ZW_KIND_REQUIREMENT, ZW_AS_NONE, 0, 2, IN_ZONE },
        { ZW_LINK_ALLOCATED_TO, ZW_KIND_REQUIREMENT, ZW_KIND_ZONE, ZW_AS_NONE, 1, 1, IN_ZONE },
        { ZW_LINK_ALLOCATED_TO, ZW_KIND_REQUIREMENT, ZW_KIND_ASSET, ZW_AS_NONE, 0, 10, IN_ZONE },
        { ZW_LINK_ANSWERS, ZW_KIND_CLAIM, ZW_KIND_REQUIREMENT, ZW_AS_NONE, 1, 4, IN_ZONE },
        { ZW_LINK_COVERS, ZW_KIND_CLAIM, ZW_KIND_ASSET, ZW_AS_NONE, 1, 30, IN_ZONE },
        { ZW_LINK_RESTS_ON, ZW_KIND_CLAIM, ZW_KIND_ASSET, ZW_AS_NONE, 1, 12, IN_ZONE },
        { ZW_LINK_RESTS_ON, ZW_KIND_CLAIM, ZW_KIND_COUNTERMEASURE, ZW_AS_NONE, 0, 4, IN_SYSTEM },
        { ZW_LINK_RESTS_ON, ZW_KIND_CLAIM, ZW_KIND_COMPONENT, ZW_AS_NONE, 0, 3, ANYWHERE },
        { ZW_LINK_DEPLOYED_ON, ZW_KIND_COUNTERMEASURE, ZW_KIND_ZONE, ZW_AS_NONE, 1, 1, IN_ZONE },
        { ZW_LINK_MITIGATES, ZW_KIND_COUNTERMEASURE, ZW_KIND_RISK, ZW_AS_NONE, 2, 2, IN_ZONE },
        { ZW_LINK_USES, ZW_KIND_SAFETY_FUNCTION, ZW_KIND_ASSET, ZW_AS_LOGIC, 1, 0, IN_ZONE },
        { ZW_LINK_USES, ZW_KIND_SAFETY_FUNCTION, ZW_KIND_ASSET, ZW_AS_SENSOR, 1, 0, IN_ZONE },
        { ZW_LINK_USES, ZW_KIND_SAFETY_FUNCTION, ZW_KIND_ASSET, ZW_AS_FINAL, 1, 0, IN_ZONE },
        { ZW_LINK_PREVENTS, ZW_KIND_SAFETY_FUNCTION, ZW_KIND_HAZARD, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_CONCERNS, ZW_KIND_FINDING, ZW_KIND_ASSET, ZW_AS_NONE, 1, 3, IN_ZONE },
        { ZW_LINK_CONCERNS, ZW_KIND_FINDING, ZW_KIND_COMPONENT, ZW_AS_NONE, 1, 0, ANYWHERE },
        { ZW_LINK_CONCERNS, ZW_KIND_CONFIGURATION, ZW_KIND_ASSET, ZW_AS_NONE, 1, 0, IN_ZONE },
        { ZW_LINK_VERIFIES, ZW_KIND_TEST_CASE, ZW_KIND_CLAIM, ZW_AS_NONE, 1, 5, IN_ZONE },
        { ZW_LINK_EVIDENCES, ZW_KIND_EVIDENCE, ZW_KIND_CLAIM, ZW_AS_NONE, 1, 4, IN_ZONE },
        { ZW_LINK_EVIDENCES, ZW_KIND_DOCUMENT, ZW_KIND_REQUIREMENT, ZW_AS_NONE, 1, 2, IN_ZONE },
};

typedef struct {
        Call *call;
        const Size *size;
        uint64_t random;
        uint32_t n[ZW_KIND_COUNT], first[ZW_KIND_COUNT]; /* numbers of the items of a kind are consecutive */
        GHashTable *seen;                                /* names of links picked */
        json_t *ops;
        uint64_t commits, links;
        ProgressStage stage; /* items and links */
        Id log;
} Generator;

/* Source: S. Vigna, splitmix64 (public domain); deterministic and good enough for shapes. */
static uint64_t mix(uint64_t x)
{
        x += UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
        return x ^ (x >> 31);
}

static uint32_t below(Generator *g, uint32_t n)
{
        g->random += UINT64_C(0x9e3779b97f4a7c15);
        return (uint32_t)(((mix(g->random) >> 32) * n) >> 32);
}

/* ---- writing ---- */

static bool chunk_write(StoreTxn *txn, void *payload, GError **error)
{
        Generator *g = payload;
        CommitDraft draft = { .log = g->log,
                              .actor = g->call->caller->person,
                              .origin = g->call->caller->origin,
                              .message = "generated",
                              .ops = g->ops };
        Seq seq;

        return store_txn_commit(txn, &draft, &seq, error);
}

static bool flush(Generator *g, GError **error)
{
        if (json_array_size(g->ops) == 0)
                return true;
        store_view_rest(g->call->view);
        if (!store_write(g->call->service->store, chunk_write, g, error))
                return false;
        g->commits++;
        return json_array_clear(g->ops) == 0;
}

static bool emit(Generator *g, json_t *op, GError **error)
{
        json_array_append_new(g->ops, op);
        if (!progress_step(&g->stage, 1, error))
                return false;
        return json_array_size(g->ops) < CHUNK_OPS || flush(g, error);
}

static void item_id(const Generator *g, uint32_t number, char *ret_hex)
{
        uint64_t halves[2] = { mix(number ^ mix(g->size->items)), mix(~(uint64_t)number) };

        hex_encode((const uint8_t *)halves, ZW_ID_BYTES, ret_hex);
}

/* ---- items ---- */

static json_t *traits_of(Generator *g)
{
        json_t *traits = json_object();

        for (int trait = 0; trait < ZW_TRAIT_COUNT; trait++)
                json_object_set_new(traits, trait_def((TraitId)trait)->name, json_boolean(below(g, 2)));
        return traits;
}

static json_t *attrs_of(Generator *g, KindId kind, uint32_t i)
{
        static const char *const types[] = { "SAR", "EDR", "HDR", "NDR" };
        static const char *const severities[] = { "low", "medium", "high", "critical" };
        g_autofree char *ref = NULL, *text = NULL;

        switch (kind) {
        case ZW_KIND_SL_TARGET:
                return json_pack("{s:[i, i, i, i, i, i, i]}", "vector", 1 + (int)below(g, 3),
                                 1 + (int)below(g, 3), 1 + (int)below(g, 3), 1 + (int)below(g, 2),
                                 1 + (int)below(g, 3), 1 + (int)below(g, 2), 1 + (int)below(g, 2));
        case ZW_KIND_COMPONENT:
                text = g_strdup_printf("%u.%u.%u", 1 + below(g, 9), below(g, 10), below(g, 20));
                return json_pack("{s:s, s:s, s:s, s:[s], s:o}", "vendor", "Example", "product", "Controller",
                                 "version", text, "types", types[below(g, 4)], "traits", traits_of(g));
        case ZW_KIND_REQUIREMENT:
                ref = catalogue_ref((RowId)(i % ZW_SR_ROWS));
                return json_pack("{s:s}", "ref", ref);
        case ZW_KIND_CLAIM:
                return json_pack("{s:s, s:s}", "statement", "met", "rationale", "by design");
        case ZW_KIND_RISK:
                return json_pack("{s:i, s:[i], s:{s:i}}", "likelihood", 1 + (int)below(g, 5), "frs",
                                 1 + (int)below(g, 7), "impact", "safety", 1 + (int)below(g, 5));
        case ZW_KIND_FINDING:
                text = g_strdup_printf("CVE-%u-%05u", 2015 + below(g, 11), i % 100000);
                return json_pack("{s:s, s:s, s:s}", "vulnerability", text, "confidence", "probable",
                                 "severity", severities[below(g, 4)]);
        case ZW_KIND_TEST_CASE:
                return json_pack("{s:s}", "test_kind", "sat");
        default:
                return json_object();
        }
}

static bool items_make(Generator *g, GError **error)
{
        uint32_t number = 0;

        for (size_t p = 0; p < G_N_ELEMENTS(portions); p++) {
                KindId kind = portions[p].kind;
                const KindDef *def = kind_def(kind);
                /* Claims, tests and evidence have to be approved to say anything. */
                StateId state = lifecycle_initial(def->lifecycle);

                g->first[kind] = number;
                for (uint32_t i = 0; i < g->n[kind]; i++, number++) {
                        char hex[ZW_ID_HEX];
                        g_autofree char *key = g_strdup_printf("%s-%u", def->prefix, i + 1);
                        g_autofree char *title = g_strdup_printf("%s %u of a generated case", def->name,
                                                                 i + 1);

                        item_id(g, number, hex);
                        if (!emit(g,
                                  json_pack("{s:s, s:s, s:s, s:s, s:s, s:{s:s, s:o}}", "op", "create", "id",
                                            hex, "key", key, "kind", def->name, "state",
                                            kind == ZW_KIND_CLAIM || kind == ZW_KIND_EVIDENCE
                                                    ? "approved"
                                                    : state_def(state)->name,
                                            "set", "title", title, "attrs", attrs_of(g, kind, i)),
                                  error))
                                return false;
                }
        }
        return true;
}

/* ---- links ---- */

/* Items of each kind are spread evenly over zones and systems, in order: one in the same one. */
static uint32_t near_index(Generator *g, const Pattern *pattern, uint32_t from)
{
        uint64_t parts = g->n[pattern->reach == IN_ZONE ? ZW_KIND_ZONE : ZW_KIND_SYSTEM];
        uint64_t part = (uint64_t)from * parts / g->n[pattern->from];
        uint32_t begin = (uint32_t)(part * g->n[pattern->to] / parts),
                 end = (uint32_t)((part + 1) * g->n[pattern->to] / parts);

        return end <= begin ? begin : begin + below(g, end - begin);
}

/* Far ends have a long tail: a few products are everywhere. */
static uint32_t far_index(Generator *g, const Pattern *pattern)
{
        uint32_t n = g->n[pattern->to], a = below(g, n), b = below(g, n);

        return below(g, 4) == 0 ? MIN(a, b) % MAX(n / TAIL, 1) : a;
}

/* A link as a number: of its first end, the pattern, and which of its kind the other end is. */
enum { TO_BITS = 28, PATTERN_BITS = 6 };
G_STATIC_ASSERT(G_N_ELEMENTS(patterns) <= 1 << PATTERN_BITS);

static guint name_hash(gconstpointer name)
{
        return (guint)mix(*(const uint64_t *)name);
}

static int name_order(const void *a, const void *b)
{
        const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

        return (left > right) - (left < right);
}

static void link_pick(Generator *g, uint64_t *names, size_t p, uint32_t from)
{
        const Pattern *pattern = &patterns[p];
        const uint32_t to = pattern->reach != ANYWHERE ? near_index(g, pattern, from) : far_index(g, pattern);
        uint64_t *name = &names[g->links];

        *name = ((uint64_t)(g->first[pattern->from] + from) << (PATTERN_BITS + TO_BITS)) |
                ((uint64_t)p << TO_BITS) | to;
        if ((pattern->from != pattern->to || from != to) && !g_hash_table_contains(g->seen, name)) {
                g_hash_table_add(g->seen, name);
                g->links++;
        }
}

/* The names of the links, in the order of the items that have them, as who writes a case down goes from item to item: the rows of a
 * commit then lie beside each other in the store. Free them. */
static uint64_t *links_pick(Generator *g)
{
        uint64_t *names;
        uint64_t least = 0;
        uint32_t weights = 0;

        for (size_t p = 0; p < G_N_ELEMENTS(patterns); p++) {
                weights += patterns[p].weight;
                least += (uint64_t)patterns[p].least * g->n[patterns[p].from];
        }
        names = g_new(uint64_t, MAX(least, g->size->links) + 1);
        for (size_t p = 0; p < G_N_ELEMENTS(patterns); p++)
                for (uint32_t from = 0; from < g->n[patterns[p].from]; from++)
                        for (uint8_t i = 0; i < patterns[p].least; i++)
                                link_pick(g, names, p, from);
        while (g->links < g->size->links) {
                uint32_t pick = below(g, weights);
                size_t p = 0;

                for (; pick >= patterns[p].weight; p++)
                        pick -= patterns[p].weight;
                link_pick(g, names, p, below(g, g->n[patterns[p].from]));
        }
        g_hash_table_remove_all(g->seen);
        qsort(names, g->links, sizeof *names, name_order);
        return names;
}

static bool link_make(Generator *g, uint64_t name, GError **error)
{
        const Pattern *pattern = &patterns[(name >> TO_BITS) & ((1U << PATTERN_BITS) - 1)];
        const uint32_t to = (uint32_t)(name & ((1U << TO_BITS) - 1));
        char from_hex[ZW_ID_HEX], to_hex[ZW_ID_HEX];

        item_id(g, (uint32_t)(name >> (PATTERN_BITS + TO_BITS)), from_hex);
        item_id(g, g->first[pattern->to] + to, to_hex);
        return emit(g,
                    json_pack("{s:s, s:s, s:s, s:s, s:s, s:{}, s:[i, i]}", "op", "link", "from", from_hex,
                              "type", link_type_def(pattern->type)->name, "to", to_hex, "as",
                              as_name(pattern->as), "attrs", "judged", 1, 1),
                    error);
}

static bool links_make(Generator *g, GError **error)
{
        g_autofree uint64_t *names = links_pick(g);

        for (uint64_t i = 0; i < g->links; i++)
                if (!link_make(g, names[i], error))
                        return false;
        return flush(g, error);
}

/* ---- the use case ---- */

static void count_kinds(Generator *g)
{
        const Size *size = g->size;
        uint32_t rest = size->items, left;

        for (size_t i = 0; i < G_N_ELEMENTS(portions); i++) {
                const Portion *portion = &portions[i];
                uint64_t of = portion->rule == PER_ZONE    ? size->zones
                              : portion->rule == PER_ASSET ? size->assets
                              : portion->rule == FINDINGS  ? size->findings
                                                           : 0;

                if (portion->rule == SHARE)
                        continue;
                g->n[portion->kind] = (uint32_t)(of * portion->thousandths / 1000);
                rest -= g->n[portion->kind];
        }
        left = rest;
        for (size_t i = 0; i < G_N_ELEMENTS(portions); i++)
                if (portions[i].rule == SHARE) {
                        g->n[portions[i].kind] = (uint32_t)((uint64_t)rest * portions[i].thousandths / 1000);
                        left -= g->n[portions[i].kind];
                }
        g->n[ZW_KIND_CLAIM] += left;
}

static bool project_make(StoreTxn *txn, void *payload, GError **error)
{
        Generator *g = payload;
        const Caller *caller = g->call->caller;
        unsigned roles = ((1U << ZW_ROLE_COUNT) - 1) & ~(1U << ZW_ROLE_AUDITOR);
        const char *key = jread_get_string(g->call->input, "key");
        g_autofree char *title = g_strdup_printf("Generated, size %s", g->size->name);

        return store_txn_create_project(txn, key == NULL ? g->size->name : key, title, true, &caller->person,
                                        caller->origin, &g->log, error) &&
               store_txn_put_roles(txn, &g->log, &caller->person, roles, error) &&
               call_audit_in(g->call, txn, key == NULL ? g->size->name : key, "project.create", title, "ok",
                             error);
}

static bool project_drop(StoreTxn *txn, void *payload, GError **error)
{
        return store_txn_delete_project(txn, &((Generator *)payload)->log, error);
}

/* Half a project is none; why there is only half is told, not what is wrong here. */
static void project_unmake(Generator *g)
{
        g_autoptr(GError) error = NULL;

        store_view_rest(g->call->view);
        if (!store_write(g->call->service->store, project_drop, g, &error))
                log_event(LOG_WARNING_, "generate", "action", "unmake", "message", error->message, NULL);
}

static const Size *size_of_call(Call *call, GError **error)
{
        const char *name = jread_get_string(call->input, "size");

        for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
                if (name != NULL && strcmp(sizes[i].name, name) == 0)
                        return &sizes[i];
        error_set(error, ZW_ERR_USAGE, "/size", "a size is S, M, L or Q");
        return NULL;
}

bool usecase_bench_generate(Call *call, JWrite *w, GError **error)
{
        g_autoptr(GHashTable) seen = g_hash_table_new(name_hash, g_int64_equal);
        g_autoptr(Json) ops = json_array();
        Generator g = { .call = call,
                        .size = size_of_call(call, error),
                        .random = (uint64_t)jread_get_int(call->input, "seed", 1),
                        .seen = seen,
                        .ops = ops };

        if (g.size == NULL || !store_write(call->service->store, project_make, &g, error))
                return false;
        g.stage = progress_begin(call->progress, "generating", "items and links",
                                 (uint64_t)g.size->items + g.size->links);
        count_kinds(&g);
        if (!items_make(&g, error) || !links_make(&g, error)) {
                project_unmake(&g);
                return false;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "size", g.size->name);
        jwrite_key_int(w, "items", g.size->items);
        jwrite_key_int(w, "links", (int64_t)g.links);
        jwrite_key_int(w, "commits", (int64_t)g.commits + 1);
        jwrite_object_end(w);
        return true;
}
