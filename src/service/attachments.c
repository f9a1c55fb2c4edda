#include "service/attachments.h"

#include "base/fd.h"
#include "service/internal.h"

#include <string.h>

/* Most bytes of one file. */
enum { ATTACHMENT_MIB_MAX = 1024 };

/* Before anything is kept: an item that is not there takes nothing. */
static bool item_check(const Call *call, const char *key, GError **error)
{
        g_autoptr(StoreItem) item = NULL;

        if (key == NULL || call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, "/key", "name an item, and give one file");
                return false;
        }
        item = store_item_by_key(call->view, &call->project->log, key, ZW_SEQ_OPEN - 1, error);
        return item != NULL;
}

/* The input of an edit of one operation (the reference is stolen). */
static json_t *edit_of(const json_t *input, json_t *op)
{
        static const char *const kept[] = { "message", "editorial", "request", "project" };
        json_t *edit = json_pack("{s:[o]}", "ops", op);

        for (size_t i = 0; edit != NULL && i < G_N_ELEMENTS(kept); i++)
                if (json_object_get(input, kept[i]) != NULL)
                        json_object_set(edit, kept[i], json_object_get(input, kept[i]));
        return edit;
}

bool usecase_attachment_put(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key"), *name = jread_get_string(call->input, "name");
        g_autoptr(Json) input = NULL;
        char hex[ZW_DIGEST_HEX];
        Call edit = *call;
        uint64_t size;
        Digest digest;

        if (!item_check(call, key, error))
                return false;
        if (name == NULL || name[0] == '\0' || strlen(name) > ZW_NAME_MAX) {
                error_set(error, ZW_ERR_INPUT, "/name", "an attachment has a name of 1 to %d bytes",
                          ZW_NAME_MAX);
                return false;
        }
        if (!store_blob_put_fd(call->service->store, call->files.files[0].fd,
                               (uint64_t)ATTACHMENT_MIB_MAX << 20, &digest, &size, error))
                return false;
        hex_encode(digest.b, ZW_DIGEST_BYTES, hex);
        input = edit_of(call->input,
                        json_pack("{s:s, s:s, s:s, s:s, s:s*}", "op", "attach", "item", key, "name", name,
                                  "digest", hex, "media", jread_get_string(call->input, "media")));
        edit.input = input;
        edit.files = (ServiceFiles){ NULL, 0 };
        jwrite_object_begin(w);
        jwrite_key_string(w, "item", key);
        jwrite_key_string(w, "name", name);
        jwrite_key_string(w, "sha256", hex);
        jwrite_key_int(w, "size", (int64_t)size);
        jwrite_key(w, "outcome");
        if (!usecase_edit(&edit, w, error))
                return false;
        jwrite_object_end(w);
        return true;
}

bool usecase_attachment_drop(Call *call, JWrite *w, GError **error)
{
        const char *key = jread_get_string(call->input, "key"), *name = jread_get_string(call->input, "name");
        g_autoptr(Json) input = NULL;
        Call edit = *call;

        if (key == NULL || name == NULL) {
                error_set(error, ZW_ERR_USAGE, key == NULL ? "/key" : "/name",
                          "name an item and a file of it");
                return false;
        }
        edit.input = input = edit_of(call->input,
                                     json_pack("{s:s, s:s, s:s}", "op", "detach", "item", key, "name", name));
        return usecase_edit(&edit, w, error);
}

/* ---- reading ---- */

typedef struct {
        char *name, *media;
} FileFacts;

static bool facts_keep(const char *name, const char *media, void *payload, GError **error G_GNUC_UNUSED)
{
        FileFacts *facts = payload;

        if (facts->name == NULL) {
                facts->name = g_strdup(name);
                facts->media = g_strdup(media);
        }
        return true;
}

int attachment_open(Service *service, const Caller *caller, const json_t *input, char **ret_name,
                    char **ret_media, GError **error)
{
        const char *hex = jread_get_string(input, "sha256");
        g_autoptr(StoreView) view = NULL;
        FileFacts facts = { NULL, NULL };
        bool in_project;
        Digest digest;
        int fd = -1;
        Id log;

        if (!service_may(service, caller, "attachment.get", input, &in_project, &log, error))
                return -1;
        view = store_view_open(service->store, error);
        if (view == NULL)
                return -1;
        if (hex != NULL && hex_decode(hex, digest.b, ZW_DIGEST_BYTES, NULL) &&
            !store_find_attachment(view, &log, hex, facts_keep, &facts, error))
                return -1;
        if (facts.name == NULL)
                error_set(error, ZW_ERR_NOT_FOUND, "sha256",
                          "nothing in the project has this content attached");
        else
                fd = store_blob_open(service->store, &digest, error);
        if (fd < 0) {
                g_free(facts.name);
                g_free(facts.media);
                return -1;
        }
        *ret_name = facts.name;
        *ret_media = facts.media;
        return fd;
}

bool call_copy_out(const Call *call, int fd, const char *name, const char *media, JWrite *w, GError **error)
{
        enum { CHUNK = 1 << 18 };
        g_autofree char *chunk = g_malloc(CHUNK);
        int64_t size = 0;
        ssize_t n;

        if (call->files.n != 1) {
                error_set(error, ZW_ERR_USAGE, NULL, "give one file to write to");
                return false;
        }
        while ((n = read(fd, chunk, CHUNK)) > 0) {
                for (ssize_t at = 0, part; at < n; at += part) {
                        part = write(call->files.files[0].fd, chunk + at, (size_t)(n - at));
                        if (part <= 0) {
                                error_set(error, ZW_ERR_STORAGE, name, "the file could not be written: %s",
                                          g_strerror(errno));
                                return false;
                        }
                }
                size += n;
        }
        if (n < 0) {
                error_set(error, ZW_ERR_STORAGE, name, "the file could not be read: %s", g_strerror(errno));
                return false;
        }
        jwrite_object_begin(w);
        jwrite_key_string(w, "name", name);
        jwrite_key_string(w, "media", media);
        jwrite_key_int(w, "size", size);
        jwrite_object_end(w);
        return true;
}

bool usecase_attachment_get(Call *call, JWrite *w, GError **error)
{
        g_autofree char *name = NULL, *media = NULL;
        g_auto(Fd) fd = attachment_open(call->service, call->caller, call->input, &name, &media, error);

        return fd >= 0 && call_copy_out(call, fd, name, media, w, error);
}
