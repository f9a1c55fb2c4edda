/* The operation `sign`. What it says of itself is not believed: the content is hashed again, the manifest written again, and
 * the person is the one whose commit it is, so that no log, imported ones too, holds a signature on anything else. */
#include "store/signature.h"

#include "base/error.h"
#include "base/jread.h"
#include "store/internal.h"
#include <string.h>

/* ---- content ---- */

typedef struct {
        StoreView *view;
        const Id *log;
        const json_t *types;
        json_t *links;
} Gather;

static bool is_in(const json_t *names, const char *name)
{
        const json_t *one;
        size_t i;

        json_array_foreach(names, i, one) if (g_strcmp0(json_string_value(one), name) == 0) return true;
        return false;
}

static bool gather(const LinkRev *link, void *payload, GError **error)
{
        Gather *all = payload;
        g_autoptr(StoreItem) to = NULL;

        if (!is_in(all->types, link_type_def(link->type)->name))
                return true;
        to = store_item_by_no(all->view, all->log, link->to, ZW_SEQ_OPEN - 1, error);
        if (to != NULL)
                json_array_append_new(all->links, content_link(link->type, store_item_rev(to)->key, link->as,
                                                               link->attrs));
        return to != NULL;
}

bool store_content(StoreView *view, const Id *log, const ItemRev *rev, Seq seq, const json_t *links,
                   const json_t *without, Digest *ret_hash, GError **error)
{
        g_autoptr(Json) found = json_array();
        Gather all = { view, log, links, found };
        const uint8_t *seen = view->seen;
        bool ok;

        /* What was signed is what it is, whoever asks; of what is not seen nothing is left in the hash. */
        view->seen = NULL;
        ok = store_each_link_of(view, log, rev->no, ZW_ITEM_NONE, seq, gather, &all, error);
        view->seen = seen;
        return ok && content_hash(log, rev, found, without, ret_hash, error);
}

/* ---- reading ---- */

typedef struct {
        const StoreView *view;
        StoreSignatureFn fn;
        void *payload;
} Seen;

static bool seen_signature(const SignatureRev *signature, void *payload, GError **error)
{
        const Seen *seen = payload;

        return !view_sees(seen->view, signature->item) || seen->fn(signature, seen->payload, error);
}

bool store_each_signature(StoreView *view, const Id *log, ItemNo item, Seq seq, StoreSignatureFn fn,
                          void *payload, GError **error)
{
        Seen seen = { view, fn, payload };
        int64_t no;

        return view_log_no(view, log, &no, error) &&
               view->backend->signature_read(view, no, item, seq_clamp(seq), seen_signature, &seen, error);
}

/* ---- the operation ---- */

typedef struct {
        const char *op, *id, *meaning, *role, *reason, *proof, *person, *time, *content, *manifest;
        json_t *links, *without, *passkey;
        int64_t rev;
} SignOp;

static const JReadField sign_fields[] = {
        { "op", JREAD_STRING, offsetof(SignOp, op), true },
        { "id", JREAD_STRING, offsetof(SignOp, id), true },
        { "rev", JREAD_INT, offsetof(SignOp, rev), true },
        { "meaning", JREAD_STRING, offsetof(SignOp, meaning), true },
        { "role", JREAD_STRING, offsetof(SignOp, role), true },
        { "reason", JREAD_STRING, offsetof(SignOp, reason), true },
        { "proof", JREAD_STRING, offsetof(SignOp, proof), true },
        { "person", JREAD_STRING, offsetof(SignOp, person), true },
        { "time", JREAD_STRING, offsetof(SignOp, time), true },
        { "content", JREAD_STRING, offsetof(SignOp, content), true },
        { "links", JREAD_ARRAY, offsetof(SignOp, links), true },
        { "without", JREAD_ARRAY, offsetof(SignOp, without), true },
        { "manifest", JREAD_STRING, offsetof(SignOp, manifest), true },
        { "passkey", JREAD_OBJECT, offsetof(SignOp, passkey), false },
        JREAD_END,
};

static bool names_check(const json_t *names, const char *where, GError **error)
{
        const json_t *name;
        size_t i;

        json_array_foreach(names, i, name) if (!json_is_string(name))
        {
                error_set(error, ZW_ERR_INPUT, where, "an array of texts is expected");
                return false;
        }
        return true;
}

/* The texts that only the manifest checks the form of: a line break in one would make another line of it. */
static bool words_check(const SignOp *sign, GError **error)
{
        const struct {
                const char *text, *where;
        } words[] = { { sign->meaning, "/meaning" }, { sign->role, "/role" } };
        ProofId proof;

        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
                if (words[i].text[0] == '\0' ||
                    strspn(words[i].text, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(words[i].text)) {
                        error_set(error, ZW_ERR_INPUT, words[i].where, "a name of the metamodel is expected");
                        return false;
                }
        if (!proof_find(sign->proof, &proof)) {
                error_set(error, ZW_ERR_INPUT, "/proof", "there is no proof \"%s\"", sign->proof);
                return false;
        }
        if ((proof == PROOF_PASSKEY) != (sign->passkey != NULL)) {
                error_set(error, ZW_ERR_INPUT, "/passkey",
                          "what a passkey signed stands with the proof by one, and no other");
                return false;
        }
        if (strlen(sign->reason) <= ZW_REASON_MAX)
                return true;
        error_set(error, ZW_ERR_LIMIT, "/reason", "a text of at most %d bytes is expected",
                  (int)ZW_REASON_MAX);
        return false;
}

static bool sign_read(const SignOp *sign, SignatureRev *ret, GError **error)
{
        char time[ZW_INSTANT_TEXT];

        if (!words_check(sign, error) || !names_check(sign->links, "/links", error) ||
            !names_check(sign->without, "/without", error) ||
            !project_digest(sign->content, "/content", &ret->content, error) ||
            !project_digest(sign->manifest, "/manifest", &ret->manifest, error) ||
            !instant_parse(sign->time, &ret->time, error))
                return false;
        instant_format(ret->time, time);
        if (strcmp(time, sign->time) != 0) {
                error_set(error, ZW_ERR_INPUT, "/time", "a time is written %s", time);
                return false;
        }
        if (!hex_decode(sign->person, ret->person.b, ZW_ID_BYTES, error))
                return false;
        ret->meaning = sign->meaning;
        ret->role = sign->role;
        ret->proof = sign->proof;
        ret->reason = sign->reason;
        return true;
}

typedef struct {
        int64_t log;
        char *key;
} ProjectKey;

static bool key_keep(const ProjectRow *row, void *payload, GError **error G_GNUC_UNUSED)
{
        ProjectKey *found = payload;

        if (row->log_no == found->log && found->key == NULL)
                found->key = g_strdup(row->key);
        return true;
}

Manifest signature_manifest(const SignatureRev *signature, const Id *log, const char *project,
                            const ItemRev *rev, const char *title)
{
        return (Manifest){ .log = *log,
                           .item = rev->id,
                           .person = signature->person,
                           .project = project,
                           .key = rev->key,
                           .kind = kind_def(rev->kind)->name,
                           .title = title,
                           .rev = signature->rev,
                           .content = signature->content,
                           .meaning = signature->meaning,
                           .role = signature->role,
                           .reason = signature->reason,
                           .proof = signature->proof,
                           .time = signature->time };
}

static bool manifest_check(Projector *p, const ItemRev *item, const SignatureRev *signature, GError **error)
{
        ProjectKey project = { p->log->no, NULL };
        Manifest manifest;
        g_autofree char *text = NULL, *key = NULL;
        Digest hash;

        if (!p->view->backend->project_read(p->view, NULL, key_keep, &project, error))
                return false;
        key = project.key;
        manifest = signature_manifest(signature, &p->log->id, key == NULL ? "" : key, item, item->title);
        text = manifest_text(&manifest);
        hash = manifest_hash(text);
        if (digest_equal(&hash, &signature->manifest))
                return true;
        error_set(error, ZW_ERR_INPUT, "/manifest", "the hash is not that of what the signature says");
        return false;
}

static bool bound_check(Projector *p, const ItemRev *item, const SignOp *sign, const SignatureRev *signature,
                        GError **error)
{
        Digest content;

        if (!id_equal(&signature->person, &p->actor)) {
                error_set(error, ZW_ERR_INPUT, "/person", "nobody signs for another");
                return false;
        }
        if (sign->rev != item->rev) {
                error_set(error, ZW_ERR_CONFLICT, "/rev",
                          "%s is at revision %u, %" G_GINT64_FORMAT " was signed", item->key, item->rev,
                          sign->rev);
                return false;
        }
        if (!store_content(p->view, &p->log->id, item, ZW_SEQ_OPEN - 1, sign->links, sign->without, &content,
                           error))
                return false;
        if (digest_equal(&content, &signature->content))
                return manifest_check(p, item, signature, error);
        error_set(error, ZW_ERR_CONFLICT, "/content", "%s does not say what was signed", item->key);
        return false;
}

static bool signature_put(Projector *p, SignatureRev *signature, GError **error)
{
        g_autoptr(GError) why = NULL;

        if (p->view->backend->signature_insert(p->view, p->log->no, signature, &why))
                return true;
        if (g_error_matches(why, ZW_ERROR, ZW_ERR_EXISTS))
                error_set(error, ZW_ERR_EXISTS, "/manifest", "this signature is there already");
        else
                g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

bool project_sign(Projector *p, const json_t *op, GError **error)
{
        SignatureRev signature = { .seq = p->seq, .op = p->n };
        g_autoptr(StoreItem) item = NULL;
        SignOp sign = { .op = NULL };

        if (!jread_object(op, sign_fields, &sign, "", error) || !sign_read(&sign, &signature, error) ||
            !project_item_no(p, sign.id, "/id", &signature.item, error) ||
            !item_load(p->view, p->log->no, signature.item, ZW_SEQ_OPEN - 1, &item, error))
                return false;
        if (item == NULL) {
                error_set(error, ZW_ERR_DAMAGED, "/id", "the item has no revision");
                return false;
        }
        signature.rev = item->rev.rev;
        return bound_check(p, &item->rev, &sign, &signature, error) &&
               project_canon(p, sign.links, "/links", &signature.links, error) &&
               project_canon(p, sign.without, "/without", &signature.without, error) &&
               (sign.passkey == NULL ||
                project_canon(p, sign.passkey, "/passkey", &signature.passkey, error)) &&
               signature_put(p, &signature, error);
}
