#include "service/operations/mail.h"

#include "service/internal.h"
#include "service/running/jobs.h"
#include "service/running/outbound.h"
#include "store/access.h"
#include "store/jobs.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
        ROWS_MOST = 100, /* of a project in one mail */
        ANSWER_BYTES_MAX = 16 * 1024 * 1024,
        MESSAGE_BYTES_MAX = 1024 * 1024,
        PASSWORD_BYTES_MAX = 1024,
        ADDRESS_BYTES_MAX = 254,
        LINE_BYTES = 57, /* of content, which make a line of base64 */
        JOBS_LOOKED_AT = 1000,
        DATE_CHARS = 10,
};

#define DIGEST "mail.digest"

/* ---- settings ---- */

/* Neither blanks nor what would end a line or an address of a header. */
static bool address_fits(const char *address)
{
        const char *at = strchr(address, '@');

        if (at == NULL || at == address || at[1] == '\0' || strlen(address) > ADDRESS_BYTES_MAX)
                return false;
        for (const char *c = address; *c != '\0'; c++)
                if (!g_ascii_isgraph(*c) || strchr("<>\",;:\\()[]", *c) != NULL)
                        return false;
        return strchr(at + 1, '@') == NULL;
}

static bool setting_refuse(ConfigKey key, const char *what, GError **error)
{
        error_set(error, ZW_ERR_INPUT, config_name(key), "%s", what);
        return false;
}

bool mail_settings_check(const Config *config, GError **error)
{
        const char *server = config_text(config, ZW_CONFIG_MAIL_SERVER),
                   *from = config_text(config, ZW_CONFIG_MAIL_FROM),
                   *domain = config_text(config, ZW_CONFIG_MAIL_DOMAIN);
        g_autofree char *probe = g_strconcat("a@", domain, NULL);

        if (server[0] == '\0')
                return true;
        if (!g_str_has_prefix(server, "smtp://") && !g_str_has_prefix(server, "smtps://"))
                return setting_refuse(ZW_CONFIG_MAIL_SERVER, "this begins with smtp:// or smtps://", error);
        if (!address_fits(from))
                return setting_refuse(ZW_CONFIG_MAIL_FROM, "mail needs an address that it comes from", error);
        if (domain[0] != '\0' && !address_fits(probe))
                return setting_refuse(ZW_CONFIG_MAIL_DOMAIN, "this is no name of a domain", error);
        return true;
}

/* What mail is sent with, for one digest. */
typedef struct {
        Outbound *outbound;
        Config *config;
        SecretText *password; /* or NULL */
} Post;

static void post_clear(Post *post)
{
        outbound_free(post->outbound);
        config_free(post->config);
        secret_text_free(post->password);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Post, post_clear)

static bool password_read(const char *path, SecretText **ret_password, GError **error)
{
        int fd;

        if (path[0] == '\0')
                return true;
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, config_name(ZW_CONFIG_MAIL_PASSWORD),
                          "the file with the password cannot be read");
                return false;
        }
        *ret_password = secret_text_read(fd, PASSWORD_BYTES_MAX, error);
        close(fd);
        return *ret_password != NULL;
}

static bool post_open(Post *post, GError **error)
{
        post->config = config_load_default(error);
        if (post->config == NULL || !mail_settings_check(post->config, error))
                return false;
        if (config_text(post->config, ZW_CONFIG_MAIL_SERVER)[0] == '\0') {
                error_set(error, ZW_ERR_STATE, config_name(ZW_CONFIG_MAIL_SERVER),
                          "no mail is sent: the setting mail.server names no server");
                return false;
        }
        post->outbound = outbound_new(post->config, getaddrinfo, error);
        return post->outbound != NULL &&
               password_read(config_text(post->config, ZW_CONFIG_MAIL_PASSWORD), &post->password, error);
}

/* The login name, or it in the domain of the settings; NULL where that is no address. Free it. */
static char *address_of(const Config *config, const char *name)
{
        const char *domain = config_text(config, ZW_CONFIG_MAIL_DOMAIN);
        g_autofree char *address = strchr(name, '@') != NULL ? g_strdup(name)
                                                             : g_strconcat(name, "@", domain, NULL);

        return address_fits(address) ? g_steal_pointer(&address) : NULL;
}

/* ---- what it says ---- */

static void row_say(GString *text, const json_t *row)
{
        const char *key = jread_get_string(row, "key"), *due = jread_get_string(row, "due");

        g_string_append_printf(text, "  %-10s ", jread_get_string(row, "why"));
        if (key != NULL)
                g_string_append_printf(text, "%s %s: ", key, jread_get_string(row, "title"));
        g_string_append(text, jread_get_string(row, "text"));
        if (due != NULL)
                g_string_append_printf(text, ", due %.*s%s", DATE_CHARS, due,
                                       jread_get_bool(row, "overdue", false) ? " (overdue)" : "");
        g_string_append_c(text, '\n');
}

typedef struct {
        GString *text;
        size_t rows, overdue;
} Digested;

static void project_say(Digested *digest, const json_t *project, const char *link)
{
        const json_t *rows = json_object_get(project, "rows"), *row;
        size_t i;

        if (json_array_size(rows) == 0)
                return;
        g_string_append_printf(digest->text, "%s %s\n", jread_get_string(project, "project"),
                               jread_get_string(project, "title"));
        json_array_foreach(rows, i, row)
        {
                digest->overdue += jread_get_bool(row, "overdue", false);
                if (i < ROWS_MOST)
                        row_say(digest->text, row);
        }
        if (json_array_size(rows) > ROWS_MOST)
                g_string_append_printf(digest->text, "  and %zu more\n", json_array_size(rows) - ROWS_MOST);
        if (jread_get_bool(project, "more", false))
                g_string_append(digest->text, "  there is more than is counted here\n");
        if (link[0] != '\0')
                g_string_append_printf(digest->text, "  %s/p/%s/work\n", link,
                                       jread_get_string(project, "project"));
        g_string_append_c(digest->text, '\n');
        digest->rows += json_array_size(rows);
}

/* RFC 5322 and 2045: the content as base64, so that no text of a project can end a header or a line too late. */
static GString *message_of(const Config *config, const char *to, const Digested *digest)
{
        g_autoptr(GDateTime) now = g_date_time_new_now_utc();
        g_autofree char *date = g_date_time_format(now, "%a, %d %b %Y %H:%M:%S +0000"),
                        *id = g_uuid_string_random();
        const char *from = config_text(config, ZW_CONFIG_MAIL_FROM);
        GString *message = g_string_new(NULL);

        g_string_append_printf(
                message,
                "From: Zonewright <%s>\r\nTo: <%s>\r\nSubject: %zu wait for you, %zu overdue\r\n"
                "Date: %s\r\nMessage-ID: <%s%s>\r\nAuto-Submitted: auto-generated\r\n"
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n",
                from, to, digest->rows, digest->overdue, date, id, strchr(from, '@'));
        for (size_t at = 0; at < digest->text->len; at += LINE_BYTES) {
                g_autofree char *line = g_base64_encode((const guchar *)digest->text->str + at,
                                                        MIN(LINE_BYTES, digest->text->len - at));

                g_string_append_printf(message, "%s\r\n", line);
        }
        return message;
}

/* ---- to whom ---- */

typedef struct {
        Call *call;
        Post post;
        json_t *failed;
        int64_t sent, skipped;
} Sending;

/* What a person sees themselves, read in their name and nothing else. */
static json_t *work_of(Sending *sending, const Id *person, GError **error)
{
        const Caller as = {
                .person = *person, .origin = ORIGIN_API, .by_token = true, .permissions = 1U << ZW_PERM_READ
        };
        g_autoptr(Out) out = out_new(ANSWER_BYTES_MAX);
        g_autoptr(JWrite) w = jwrite_new(out);
        g_autoptr(Json) input = json_object();

        if (!service_call(sending->call->service, &as, "work", input, (ServiceFiles){ NULL, 0 }, w, error) ||
            !out_check(out, error))
                return NULL;
        return jread_parse(out_data(out), out_length(out), error);
}

static bool mail_send(Sending *sending, const char *to, const Digested *said, GError **error)
{
        const Config *config = sending->post.config;
        const char *user = config_text(config, ZW_CONFIG_MAIL_USER);
        g_autoptr(GString) message = message_of(config, to, said);
        const OutboundMail mail = { .server = config_text(config, ZW_CONFIG_MAIL_SERVER),
                                    .user = user[0] == '\0' ? NULL : user,
                                    .password = sending->post.password,
                                    .from = config_text(config, ZW_CONFIG_MAIL_FROM),
                                    .to = to,
                                    .message = message->str,
                                    .n = message->len };

        return outbound_mail(sending->post.outbound, &mail, error);
}

/* One that cannot be reached is told of, and the others have theirs. */
static bool person_see(const StorePerson *person, void *payload, GError **error)
{
        Sending *sending = payload;
        g_autofree char *to = address_of(sending->post.config, person->name);
        g_autoptr(GString) text = g_string_new(NULL);
        Digested said = { .text = text };
        g_autoptr(Json) work = NULL;
        g_autoptr(GError) why = NULL;
        StoreAccount account;
        const json_t *project;
        size_t i;

        if (!store_load_account(sending->call->view, &person->id, &account, error))
                return false;
        work = to == NULL || account.disabled || account.no_mail ? json_array()
                                                                 : work_of(sending, &person->id, error);
        explicit_bzero(&account, sizeof(account));
        if (work == NULL)
                return false;
        json_array_foreach(work, i, project)
                project_say(&said, project, config_text(sending->post.config, ZW_CONFIG_MAIL_LINK));
        if (said.rows == 0) {
                sending->skipped++;
                return true;
        }
        if (mail_send(sending, to, &said, &why))
                sending->sent++;
        else
                json_array_append_new(sending->failed,
                                      json_pack("{s:s, s:s}", "name", person->name, "why", why->message));
        return true;
}

bool usecase_mail_digest(Call *call, JWrite *w, GError **error)
{
        g_autoptr(Json) failed = json_array();
        Sending sending = { .call = call, .failed = failed };
        bool ok = post_open(&sending.post, error) &&
                  store_each_person(call->view, person_see, &sending, error);

        post_clear(&sending.post);
        if (!ok)
                return false;
        jwrite_object_begin(w);
        jwrite_key_int(w, "sent", sending.sent);
        jwrite_key_int(w, "skipped", sending.skipped);
        jwrite_key_json(w, "failed", failed);
        jwrite_object_end(w);
        return true;
}

/* ---- once a day ---- */

typedef struct {
        Instant since;
        bool found;
} Begun;

static bool job_see(const StoreJob *job, void *payload, GError **error G_GNUC_UNUSED)
{
        Begun *begun = payload;

        begun->found = begun->found || (strcmp(job->kind, DIGEST) == 0 && job->created >= begun->since);
        return true;
}

/* The same on every server that shares the store, so that one of them takes it. */
static Id id_of_day(Instant since)
{
        g_autofree char *text = g_strdup_printf("%s %" G_GINT64_FORMAT, DIGEST, since);
        const Digest digest = hash_sha256(text, strlen(text));
        Id id;

        memcpy(id.b, digest.b, ZW_ID_BYTES);
        return id;
}

static bool digest_begin(Service *service, const Id *id, GError **error)
{
        g_autofree char *user = service_user_name(getuid());
        g_autoptr(Json) input = json_object();
        g_autoptr(GError) why = NULL;
        Caller caller;
        Id taken;

        if (!service_local_caller(service, user, &caller, error))
                return false;
        if (jobs_submit(service, &caller, &(JobOrder){ .usecase = DIGEST, .input = input, .id = id }, &taken,
                        &why) ||
            g_error_matches(why, ZW_ERROR, ZW_ERR_EXISTS))
                return true;
        g_propagate_error(error, g_steal_pointer(&why));
        return false;
}

bool mail_digest_due(Service *service, const Config *config, GError **error)
{
        const Instant now = instant_now(), hour = config_int(config, ZW_CONFIG_MAIL_HOUR) * ZW_HOUR_MS;
        Begun begun = { .since = now - now % ZW_DAY_MS + hour };
        const Id id = id_of_day(begun.since);
        g_autoptr(StoreView) view = NULL;

        if (config_text(config, ZW_CONFIG_MAIL_SERVER)[0] == '\0' || now < begun.since)
                return true;
        view = store_view_open(service->store, error);
        /* However many came after it; and the one that was begun at another hour, before the setting was changed. */
        if (view == NULL || !store_each_job(view, NULL, &id, 1, job_see, &begun, error) ||
            !store_each_job(view, NULL, NULL, JOBS_LOOKED_AT, job_see, &begun, error))
                return false;
        return begun.found || digest_begin(service, &id, error);
}
