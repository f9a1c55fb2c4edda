/* Signatures: made of what is there now, by who has just proved who they are; and counted where a transition asks for them. */
#include "service/changeset/resolve.h"

#include "base/verify.h"

#include <string.h>

/* A signature that stands on an item. */
typedef struct {
        const Known *known;
        MeaningId meaning;
        Id person;
} Signed;

GArray *resolver_standing_new(void)
{
        return g_array_new(FALSE, FALSE, sizeof(Signed));
}

/* ---- what stands ---- */

typedef struct {
        Resolver *r;
        const Known *known;
        const ItemRev *rev;
        GArray *standing;
} Gather;

static bool gather(const SignatureRev *signature, void *payload, GError **error)
{
        Gather *all = payload;
        g_autoptr(Json) links = json_loads(signature->links, 0, NULL),
                        without = json_loads(signature->without, 0, NULL);
        Signed row = { all->known, ZW_MEANING_COUNT, signature->person };
        Digest now;

        /* A meaning of another program counts for nothing here. */
        if (!meaning_find(signature->meaning, &row.meaning))
                return true;
        if (!store_content(all->r->context->view, &all->r->context->log, all->rev, ZW_SEQ_OPEN - 1, links,
                           without, &now, error))
                return false;
        if (digest_equal(&now, &signature->content))
                g_array_append_val(all->standing, row);
        return true;
}

/* Appends what stands on the item as it is. */
static bool standing_of(Resolver *r, const Known *known, GArray *ret_standing, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        Gather all = { r, known, NULL, ret_standing };

        if (known->no == ZW_ITEM_NONE || known->altered)
                return true;
        item = store_item_by_no(r->context->view, &r->context->log, known->no, ZW_SEQ_OPEN - 1, error);
        if (item == NULL)
                return false;
        all.rev = store_item_rev(item);
        if (!store_each_signature(r->context->view, &r->context->log, known->no, ZW_SEQ_OPEN - 1, gather,
                                  &all, error))
                return false;
        for (guint i = 0; i < r->standing->len; i++)
                if (g_array_index(r->standing, Signed, i).known == known)
                        g_array_append_val(ret_standing, g_array_index(r->standing, Signed, i));
        return true;
}

/* Different people who signed with one of the meanings (bits). */
static unsigned people_of(const GArray *standing, unsigned meanings)
{
        unsigned n = 0;

        for (guint i = 0; i < standing->len; i++) {
                const Signed *one = &g_array_index(standing, Signed, i);
                bool again = (meanings >> one->meaning & 1) == 0;

                for (guint j = 0; j < i && !again; j++) {
                        const Signed *other = &g_array_index(standing, Signed, j);

                        again = (meanings >> other->meaning & 1) != 0 &&
                                id_equal(&other->person, &one->person);
                }
                n += !again;
        }
        return n;
}

static bool is_dual(Resolver *r, Known *known, const WorkflowRule *rule, bool *ret_dual, GError **error)
{
        bool on;

        *ret_dual = rule->dual == DUAL_ALWAYS;
        if (rule->dual == DUAL_NEVER)
                return true;
        if (!resolver_setting_on(r, "dual_approval", &on, error))
                return false;
        if (rule->dual != DUAL_ALWAYS && on && !resolver_touches_safety(r, known, ret_dual, error))
                return false;
        *ret_dual = *ret_dual && on;
        return true;
}

/* An SL-T that differs from what the risks give is signed as approved; where it is lower, by the asset owner. */
static bool override_missing(const GArray *standing, TargetOverride override, char **ret_missing)
{
        const MeaningId meaning = override == TARGET_LOWERED ? ZW_MEANING_OWNER_APPROVAL
                                                             : ZW_MEANING_APPROVED;

        if (override == TARGET_AS_DERIVED || people_of(standing, 1U << meaning) > 0)
                return false;
        *ret_missing = g_strdup_printf("the signature \"%s\", since an entry %s", meaning_def(meaning)->name,
                                       override == TARGET_LOWERED ? "is lower than the risks give"
                                                                  : "is an override");
        return true;
}

/* What is missing of the signatures of two people: of both disciplines where the rule asks for them. */
static void dual_missing(const GArray *standing, const WorkflowRule *rule, unsigned meanings,
                         char **ret_missing)
{
        static const MeaningId disciplines[] = { ZW_MEANING_APPROVED, ZW_MEANING_SAFETY_APPROVED };
        unsigned people;

        if (rule->dual == DUAL_DISCIPLINES)
                meanings |= 1U << disciplines[0] | 1U << disciplines[1];
        for (size_t i = 0; rule->dual == DUAL_DISCIPLINES && i < G_N_ELEMENTS(disciplines); i++) {
                if (people_of(standing, 1U << disciplines[i]) > 0)
                        continue;
                *ret_missing = g_strdup_printf("the signature \"%s\" (dual approval for security and safety, "
                                               "since a safety zone is touched)",
                                               meaning_def(disciplines[i])->name);
                return;
        }
        people = people_of(standing, meanings == 0 ? 1U << ZW_MEANING_APPROVED : meanings);
        if (people < 2)
                *ret_missing = g_strdup_printf("the signatures of two people (dual approval), there are %u",
                                               people);
}

bool resolver_signatures_missing(Resolver *r, Known *known, const WorkflowRule *rule, char **ret_missing,
                                 GError **error)
{
        g_autoptr(GArray) standing = resolver_standing_new();
        unsigned meanings = 0, people;
        const TargetOverride override = state_def(rule->to)->flags & STATE_APPROVED ? resolver_override(known)
                                                                                    : TARGET_AS_DERIVED;
        bool dual;

        *ret_missing = NULL;
        if (!is_dual(r, known, rule, &dual, error))
                return false;
        if (!dual && rule->n_signatures == 0 && override == TARGET_AS_DERIVED)
                return true;
        if (!standing_of(r, known, standing, error))
                return false;
        for (size_t i = 0; i < rule->n_signatures; i++) {
                const WorkflowSignature *wanted = &rule->signatures[i];

                people = people_of(standing, 1U << wanted->meaning);
                meanings |= 1U << wanted->meaning;
                if (people < wanted->least) {
                        *ret_missing = g_strdup_printf("the signature(s) \"%s\" of %u, there are %u",
                                                       meaning_def(wanted->meaning)->name, wanted->least,
                                                       people);
                        return true;
                }
        }
        if (!override_missing(standing, override, ret_missing) && dual)
                dual_missing(standing, rule, meanings, ret_missing);
        return true;
}

/* ---- signing ---- */

static bool refuse(GError **error, ZwErrorCode code, const Known *known, const char *why)
{
        error_set(error, code, known->key, "%s %s", known->key, why);
        return false;
}

/* The role that is signed in: the one asked for, or the first that the meaning takes. */
static bool role_pick(Resolver *r, const Known *known, RoleId *ret_role, GError **error)
{
        const SignIntent *intent = r->context->signing;
        const MeaningDef *meaning = meaning_def(intent->meaning);
        const unsigned held = rights_roles_of(r->context->rights, meaning->roles);
        g_autofree char *names = resolver_role_list(meaning->roles);

        r->roles = intent->role == ZW_ROLE_COUNT ? held : held & 1U << intent->role;
        for (int i = 0; i < ZW_ROLE_COUNT; i++)
                if (r->roles & 1U << i) {
                        *ret_role = (RoleId)i;
                        return true;
                }
        error_set(error, ZW_ERR_DENIED, known->key, "\"%s\" is signed by the role %s", meaning->name, names);
        return false;
}

static bool hash_keep(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        *(Digest *)payload = commit->hash;
        return true;
}

/* A signature on a baseline covers its commit by the hash that the baseline holds: it has to be the right one. */
static bool names_commit(Resolver *r, const Known *known, GError **error)
{
        const json_t *attrs = json_object_get(known->members, "attrs");
        const Seq seq = (Seq)jread_get_int(attrs, "seq", 0);
        char hex[ZW_DIGEST_HEX];
        Digest hash = { 0 };

        if (known->kind != ZW_KIND_BASELINE)
                return true;
        if (!store_each_commit(r->context->view, &r->context->log, seq, seq, hash_keep, &hash, error))
                return false;
        hex_encode(hash.b, ZW_DIGEST_BYTES, hex);
        return g_strcmp0(jread_get_string(attrs, "hash"), hex) == 0 ||
               refuse(error, ZW_ERR_STATE, known,
                      "does not name a commit of this log by number and hash: make it by `zw baseline create`");
}

static bool may_sign(Resolver *r, const Known *known, GError **error)
{
        const MeaningDef *meaning = meaning_def(r->context->signing->meaning);
        g_autofree char *kind = g_strdup_printf("is a %s, which is not signed as \"%s\"",
                                                kind_def(known->kind)->name, meaning->name);
        bool own = false;

        if ((meaning->kinds >> known->kind & 1) == 0)
                return refuse(error, ZW_ERR_METAMODEL, known, kind);
        if (state_def(known->state)->flags & STATE_RETIRED)
                return refuse(error, ZW_ERR_STATE, known, "is retired");
        if (known->no == ZW_ITEM_NONE || known->altered)
                return refuse(error, ZW_ERR_STATE, known, "changes in the changeset that signs it");
        if (!names_commit(r, known, error))
                return false;
        if (meaning->other_person && !resolver_is_own(r, known, &own, error))
                return false;
        if (own)
                error_set(error, ZW_ERR_DENIED, known->key,
                          "nobody signs their own content as \"%s\" (separation of duties)", meaning->name);
        return !own;
}

/* What was shown has to be what is there. */
static bool seen_check(const json_t *op, const Known *known, const Digest *now, GError **error)
{
        const json_t *rev = json_object_get(op, "rev");
        const char *seen = jread_get_string(op, "hash");
        char hex[ZW_DIGEST_HEX];

        if (seen == NULL || !json_is_integer(rev)) {
                error_set(error, ZW_ERR_USAGE, "/hash", "a signature says by rev and hash what was shown");
                return false;
        }
        hex_encode(now->b, ZW_DIGEST_BYTES, hex);
        if (json_integer_value(rev) == known->rev && strcmp(seen, hex) == 0)
                return true;
        error_set(error, ZW_ERR_STALE, known->key,
                  "what was shown of %s is revision %" JSON_INTEGER_FORMAT " with the content %s; there is "
                  "revision %u with the content %s",
                  known->key, json_integer_value(rev), seen, known->rev, hex);
        return false;
}

static bool twice_check(Resolver *r, const Known *known, GError **error)
{
        g_autoptr(GArray) standing = resolver_standing_new();
        const MeaningId meaning = r->context->signing->meaning;

        if (!standing_of(r, known, standing, error))
                return false;
        for (guint i = 0; i < standing->len; i++) {
                const Signed *one = &g_array_index(standing, Signed, i);

                if (one->meaning == meaning && id_equal(&one->person, &r->context->actor)) {
                        error_set(error, ZW_ERR_EXISTS, known->key,
                                  "you signed %s as \"%s\" already, and it says the same still", known->key,
                                  meaning_def(meaning)->name);
                        return false;
                }
        }
        return true;
}

static void sign_write(Resolver *r, const Known *known, RoleId role, const Digest *content, json_t *links,
                       json_t *without)
{
        const SignIntent *intent = r->context->signing;
        Manifest manifest = { .log = r->context->log,
                              .person = r->context->actor,
                              .project = intent->project,
                              .key = known->key,
                              .kind = kind_def(known->kind)->name,
                              .title = jread_get_string(known->members, "title"),
                              .rev = known->rev,
                              .content = *content,
                              .meaning = meaning_def(intent->meaning)->name,
                              .role = role_def(role)->name,
                              .reason = intent->reason,
                              .proof = proof_name(intent->proof),
                              .time = intent->time };
        char time[ZW_INSTANT_TEXT], person[ZW_ID_HEX], hex[ZW_DIGEST_HEX], hash[ZW_DIGEST_HEX];
        const Signed row = { known, intent->meaning, r->context->actor };
        g_autofree char *text = NULL;
        Digest digest;

        ZW_VERIFY(hex_decode(known->id, manifest.item.b, ZW_ID_BYTES, NULL));
        text = manifest_text(&manifest);
        digest = manifest_hash(text);
        instant_format(intent->time, time);
        hex_encode(r->context->actor.b, ZW_ID_BYTES, person);
        hex_encode(content->b, ZW_DIGEST_BYTES, hex);
        hex_encode(digest.b, ZW_DIGEST_BYTES, hash);
        resolver_emit(r, NULL,
                      json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:O, s:O, s:s}", "op",
                                "sign", "id", known->id, "rev", (int)known->rev, "meaning", manifest.meaning,
                                "role", manifest.role, "reason", intent->reason, "proof", manifest.proof,
                                "person", person, "time", time, "content", hex, "links", links, "without",
                                without, "manifest", hash));
        g_array_append_val(r->standing, row);
        resolver_list(r, "signed",
                      json_pack("{s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s}", "key", known->key, "rev",
                                (int)known->rev, "meaning", manifest.meaning, "role", manifest.role, "hash",
                                hex, "manifest", text, "digest", hash, "time", time));
}

/* The approved state that a rule leads to from where the item is, unless another state was asked for. */
static bool goal_find(Resolver *r, const Known *known, StateId *ret_to, GError **error)
{
        const char *name = r->context->signing->move_to;
        const Workflow *workflow;
        const WorkflowRule *rules;
        size_t n;

        if (name != NULL && state_find(name, ret_to))
                return true;
        if (name != NULL) {
                error_set(error, ZW_ERR_METAMODEL, "/to", "there is no state \"%s\"", name);
                return false;
        }
        if (!resolver_workflow(r, known->kind, &workflow, error))
                return false;
        rules = workflow_rules(workflow, &n);
        *ret_to = known->state;
        if (state_def(known->state)->flags & STATE_APPROVED)
                return true;
        for (size_t i = 0; i < n; i++)
                if (rules[i].from == known->state && state_def(rules[i].to)->flags & STATE_APPROVED) {
                        *ret_to = rules[i].to;
                        return true;
                }
        error_set(error, ZW_ERR_STATE, known->key, "%s goes from %s to no approved state by any rule",
                  known->key, state_def(known->state)->name);
        return false;
}

/* Moves it where that was asked for, or says what is missing. */
static bool move_signed(Resolver *r, Known *known, GError **error)
{
        json_t *list = json_object_get(r->outcome, "signed");
        json_t *row = json_array_get(list, json_array_size(list) - 1);
        g_autofree char *missing = NULL;
        StateId to = known->state;

        if (r->context->signing->approve && !goal_find(r, known, &to, error))
                return false;
        if (known->state != to && !resolver_move(r, known, to, &missing, error))
                return false;
        json_object_set_new(row, "state", json_string(state_def(known->state)->name));
        json_object_set_new(row, "missing", missing == NULL ? json_null() : json_string(missing));
        return true;
}

bool resolve_sign(Resolver *r, const json_t *op, GError **error)
{
        g_autoptr(StoreItem) item = NULL;
        g_autoptr(Json) links = NULL, without = NULL;
        Digest content;
        Known *known;
        RoleId role;

        if (r->context->signing == NULL) {
                error_set(error, ZW_ERR_DENIED, "/op",
                          "a signature is given by the person alone, who proves "
                          "anew who they are: zw sign");
                return false;
        }
        if (!resolver_find_named(r, op, "key", &known, error) || !role_pick(r, known, &role, error) ||
            !may_sign(r, known, error))
                return false;
        item = store_item_by_no(r->context->view, &r->context->log, known->no, ZW_SEQ_OPEN - 1, error);
        links = content_links(known->kind);
        without = content_without(known->kind);
        if (item == NULL ||
            !store_content(r->context->view, &r->context->log, store_item_rev(item), ZW_SEQ_OPEN - 1, links,
                           without, &content, error) ||
            !seen_check(op, known, &content, error) || !twice_check(r, known, error))
                return false;
        sign_write(r, known, role, &content, links, without);
        return move_signed(r, known, error);
}
