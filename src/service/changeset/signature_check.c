/* Whether signatures hold, from what the log says alone: each is of the person whose commit it is, binds to the content that
 * the item had in that commit, and its manifest says just that, and is what a passkey signed, where one did; a signed baseline names the commit it says. */
#include "service/access/passkey_internal.h"

#include <string.h>

typedef struct {
        StoreView *view;
        const StoreProject *project;
        StoreProblemFn fn;
        void *payload;
} Checking;

static void report(const Checking *c, const SignatureRev *signature, const char *key, const char *message)
{
        g_autofree char *where = g_strdup_printf("seq %" G_GUINT64_FORMAT " signature on %s", signature->seq,
                                                 key);

        c->fn(where, message, c->payload);
}

typedef struct {
        const Checking *c;
        const SignatureRev *signature;
        Digest content, manifest;
        char *key, *attrs;
        KindId kind;
        bool found;
} Recompute;

/* The revision that was signed, hashed again with the links of that commit. */
static bool recompute(const ItemRev *rev, void *payload, GError **error)
{
        Recompute *again = payload;
        const SignatureRev *signature = again->signature;
        const Checking *c = again->c;
        g_autoptr(Json) links = json_loads(signature->links, 0, NULL),
                        without = json_loads(signature->without, 0, NULL);
        g_autofree char *text = NULL;
        Manifest manifest;

        if (rev->rev != signature->rev)
                return true;
        manifest = signature_manifest(signature, &c->project->log, c->project->key, rev, rev->title);
        text = manifest_text(&manifest);
        again->manifest = manifest_hash(text);
        again->key = g_strdup(rev->key);
        again->attrs = g_strdup(rev->attrs);
        again->kind = rev->kind;
        again->found = true;
        return store_content(c->view, &c->project->log, rev, signature->seq, links, without, &again->content,
                             error);
}

typedef struct {
        Id actor;
        Digest hash;
        bool found;
} CommitFacts;

static bool facts_keep(const StoreCommit *commit, void *payload, GError **error G_GNUC_UNUSED)
{
        *(CommitFacts *)payload = (CommitFacts){ commit->actor, commit->hash, true };
        return true;
}

static bool baseline_check(const Recompute *again, GError **error)
{
        g_autoptr(Json) attrs = json_loads(again->attrs, 0, NULL);
        const Seq seq = (Seq)jread_get_int(attrs, "seq", 0);
        CommitFacts facts = { 0 };
        char hex[ZW_DIGEST_HEX];

        if (again->kind != ZW_KIND_BASELINE)
                return true;
        if (!store_each_commit(again->c->view, &again->c->project->log, seq, seq, facts_keep, &facts, error))
                return false;
        hex_encode(facts.hash.b, ZW_DIGEST_BYTES, hex);
        if (!facts.found || g_strcmp0(jread_get_string(attrs, "hash"), hex) != 0)
                report(again->c, again->signature, again->key,
                       "the baseline does not name the commit it says");
        return true;
}

static bool judge(const Checking *c, const Recompute *again, GError **error)
{
        const SignatureRev *signature = again->signature;
        CommitFacts facts = { 0 };

        if (!again->found) {
                report(c, signature, "an item", "the revision that was signed is not there");
                return true;
        }
        if (!store_each_commit(c->view, &c->project->log, signature->seq, signature->seq, facts_keep, &facts,
                               error))
                return false;
        if (!facts.found || !id_equal(&facts.actor, &signature->person))
                report(c, signature, again->key, "it is not of the person whose commit it is");
        if (!digest_equal(&again->content, &signature->content))
                report(c, signature, again->key, "the revision does not say what was signed");
        if (!digest_equal(&again->manifest, &signature->manifest))
                report(c, signature, again->key, "the manifest is not the one that was signed");
        if (strcmp(signature->proof, proof_name(PROOF_PASSKEY)) == 0 && !passkey_holds(signature))
                report(c, signature, again->key, "the passkey it names did not sign the manifest");
        return baseline_check(again, error);
}

static bool check_one(const SignatureRev *signature, void *payload, GError **error)
{
        const Checking *c = payload;
        Recompute again = { .c = c, .signature = signature };
        bool ok = store_each_revision(c->view, &c->project->log, signature->item, recompute, &again, error) &&
                  judge(c, &again, error);

        g_free(again.key);
        g_free(again.attrs);
        return ok;
}

bool signatures_check(StoreView *view, const StoreProject *project, StoreProblemFn fn, void *payload,
                      GError **error)
{
        Checking c = { view, project, fn, payload };

        return store_each_signature(view, &project->log, ZW_ITEM_NONE, ZW_SEQ_OPEN - 1, check_one, &c, error);
}
