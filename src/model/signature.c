#include "model/signature.h"

#include "base/canon.h"
#include "base/jtext.h"

#include <string.h>

static const char *const proofs[] = { "password", "password_code", "passkey" };

const char *proof_name(ProofId proof)
{
        return proofs[proof];
}

bool proof_find(const char *name, ProofId *ret_proof)
{
        for (size_t i = 0; i < G_N_ELEMENTS(proofs); i++)
                if (strcmp(proofs[i], name) == 0) {
                        *ret_proof = (ProofId)i;
                        return true;
                }
        return false;
}

static Digest prefixed(uint8_t prefix, const void *bytes, size_t n)
{
        g_autoptr(HashState) state = hash_new();

        hash_update(state, &prefix, 1);
        hash_update(state, bytes, n);
        return hash_finish(state);
}

/* ---- content ---- */

static int by_text(gconstpointer a, gconstpointer b)
{
        return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The array of texts, sorted; `texts` are borrowed. */
static json_t *sorted(GPtrArray *texts)
{
        json_t *array = json_array();

        g_ptr_array_sort(texts, by_text);
        for (guint i = 0; i < texts->len; i++)
                json_array_append_new(array, json_string(texts->pdata[i]));
        return array;
}

json_t *content_links(KindId kind)
{
        g_autoptr(GPtrArray) names = g_ptr_array_new();
        size_t n;
        const LinkRuleDef *rules = link_rules(&n);

        for (int type = 0; type < ZW_LINK_COUNT; type++) {
                bool possible = false;

                for (size_t i = 0; i < n && !link_type_def((LinkTypeId)type)->apart; i++)
                        possible = possible ||
                                   (rules[i].type == (LinkTypeId)type && (rules[i].from >> kind & 1) != 0);
                if (possible)
                        g_ptr_array_add(names, (gpointer)(uintptr_t)link_type_def((LinkTypeId)type)->name);
        }
        return sorted(names);
}

json_t *content_without(KindId kind)
{
        g_autoptr(GPtrArray) defs = attr_list(kind);
        g_autoptr(GPtrArray) names = g_ptr_array_new();

        for (guint i = 0; i < defs->len; i++) {
                const AttrDef *def = defs->pdata[i];

                if (def->flags & (ATTR_PERSONAL | ATTR_LAYOUT))
                        g_ptr_array_add(names, (gpointer)(uintptr_t)def->name);
        }
        return sorted(names);
}

static json_t *parsed(const char *text)
{
        json_t *value = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);

        return value == NULL ? json_null() : value;
}

json_t *content_link(LinkTypeId type, const char *to, AsId as, const char *attrs)
{
        json_t *given = parsed(attrs);

        if (!json_is_object(given)) {
                json_decref(given);
                given = json_object();
        }
        return json_pack("{s:s, s:s, s:s, s:o}", "type", link_type_def(type)->name, "to", to, "as",
                         as_name(as), "attrs", given);
}

typedef struct {
        GBytes *bytes;
        json_t *link; /* borrowed */
} SortLink;

static int by_bytes(gconstpointer a, gconstpointer b)
{
        return g_bytes_compare(((const SortLink *)a)->bytes, ((const SortLink *)b)->bytes);
}

static void sort_link_clear(gpointer data)
{
        g_bytes_unref(((SortLink *)data)->bytes);
}

/* Links by their canonical bytes. */
static json_t *links_sort(const json_t *links, GError **error)
{
        g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(SortLink));
        json_t *array, *link;
        size_t i;

        g_array_set_clear_func(rows, sort_link_clear);
        json_array_foreach(links, i, link)
        {
                const SortLink row = { canon_bytes(link, ZW_ATTR_BYTES_MAX * 2, error), link };

                if (row.bytes == NULL)
                        return NULL;
                g_array_append_val(rows, row);
        }
        g_array_sort(rows, by_bytes);
        array = json_array();
        for (guint j = 0; j < rows->len; j++)
                json_array_append(array, g_array_index(rows, SortLink, j).link);
        return array;
}

static json_t *attrs_without(const char *text, const json_t *without)
{
        json_t *attrs = parsed(text);
        const json_t *name;
        size_t i;

        json_array_foreach(without, i, name) json_object_del(attrs, json_string_value(name));
        return attrs;
}

bool content_hash(const Id *log, const ItemRev *rev, const json_t *links, const json_t *without,
                  Digest *ret_hash, GError **error)
{
        enum { CONTENT_MAX = 64 << 20 };
        char log_hex[ZW_ID_HEX], id[ZW_ID_HEX];
        json_t *sorted_links = links_sort(links, error);
        json_t *content;
        g_autoptr(GBytes) bytes = NULL;
        gconstpointer data;
        gsize n;

        if (sorted_links == NULL)
                return false;
        hex_encode(log->b, ZW_ID_BYTES, log_hex);
        hex_encode(rev->id.b, ZW_ID_BYTES, id);
        content = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s?, s:s?, s:o, s:o, s:o}", "log", log_hex,
                            "id", id, "key", rev->key, "kind", kind_def(rev->kind)->name, "title", rev->title,
                            "body", rev->body, "attrs", attrs_without(rev->attrs, without), "owner",
                            rev->owner, "parent", rev->parent, "tags", parsed(rev->tags), "attachments",
                            parsed(rev->attachments), "links", sorted_links);
        bytes = canon_bytes(content, CONTENT_MAX, error);
        json_decref(content);
        if (bytes == NULL)
                return false;
        data = g_bytes_get_data(bytes, &n);
        *ret_hash = prefixed(0x04, data, n);
        return true;
}

/* ---- manifest ---- */

static void line_text(Out *out, const char *name, const char *text)
{
        out_format(out, "%s ", name);
        jtext_write(out, text, strlen(text));
        out_char(out, '\n');
}

static void line_digest(Out *out, const char *name, const Digest *digest)
{
        char hex[ZW_DIGEST_HEX];

        hex_encode(digest->b, ZW_DIGEST_BYTES, hex);
        out_format(out, "%s %s\n", name, hex);
}

/* A key with the id it stands for. */
static void line_named(Out *out, const char *name, const char *key, const Id *id)
{
        char hex[ZW_ID_HEX];

        hex_encode(id->b, ZW_ID_BYTES, hex);
        out_format(out, "%s %s %s\n", name, key, hex);
}

char *manifest_text(const Manifest *manifest)
{
        g_autoptr(Out) out = out_new(ZW_MANIFEST_MAX);
        char time[ZW_INSTANT_TEXT], person[ZW_ID_HEX];

        hex_encode(manifest->person.b, ZW_ID_BYTES, person);
        instant_format(manifest->time, time);
        out_text(out, "zonewright-signature 1\n");
        line_named(out, "project", manifest->project, &manifest->log);
        line_named(out, "item", manifest->key, &manifest->item);
        out_format(out, "kind %s\nrevision %u\n", manifest->kind, manifest->rev);
        line_text(out, "title", manifest->title);
        line_digest(out, "content", &manifest->content);
        out_format(out, "meaning %s\nrole %s\nperson %s\n", manifest->meaning, manifest->role, person);
        if (manifest->reason == NULL)
                out_text(out, "reason (as given when signing)\n");
        else
                line_text(out, "reason", manifest->reason);
        out_format(out, "proof %s\ntime %s\n",
                   manifest->proof == NULL ? "(as given when signing)" : manifest->proof,
                   manifest->time == 0 ? "(when it is signed)" : time);
        return g_strndup(out_data(out), out_length(out));
}

Digest manifest_hash(const char *text)
{
        return prefixed(0x03, text, strlen(text));
}

Digest manifests_challenge(const Digest *hashes, size_t n)
{
        return n == 1 ? hashes[0] : prefixed(0x05, hashes, n * sizeof(*hashes));
}
