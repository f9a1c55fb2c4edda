/* The use cases: the only way to change a project, and the only way the command line, the socket and HTTP read one.
 * A use case takes a JSON object and writes JSON; it authorizes, validates against the metamodel, commits, and applies
 * the commit to the graph. Thread-safe. */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "base/config.h"
#include "base/instant.h"
#include "base/jwrite.h"
#include "base/progress.h"
#include "model/op.h"

#include <sys/types.h>

typedef struct Service Service;

enum { ZW_CALLER_ADDRESS = 65 };

/* Who calls, and through what: made by service_local_caller, or from a session or token by service/access/access.h. */
typedef struct {
        Id person;
        Origin origin; /* ORIGIN_CLI: whoever reaches the data directory itself, and manages the installation */
        bool by_token;        /* what comes next is a limit only then */
        unsigned permissions; /* bit per PermissionId: at most these */
        bool has_project;     /* only in this project */
        Id project;
        Instant since;                   /* when the session began; 0 for another way in */
        char address[ZW_CALLER_ADDRESS]; /* "" for this machine */
} Caller;

/* `database`, where it is taken, is what store_make_in of store/store.h takes. Creates an empty data directory; restores one from a backup, verifying every log before it reports success. Where a
 * `progress` is taken it may be NULL; CANCELLED is an error then. */
bool service_create(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Creates one with what a use case makes, called as the user of this process: both or neither. */
bool service_create_with(const char *database, const char *dir, const char *usecase, const json_t *input,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool service_restore(const char *database, const char *path, const char *dir, Progress *progress,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One more data directory for what lies in a database. */
bool service_join(const char *database, const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Verifies the file of an exported project or of a backup, without a data directory. Writes of the project what the use
 * case `verify` does; of a backup {"ok","projects","problems"}, with that and the key as `project` of each project, and what
 * is wrong with the file as a whole. Errors: INPUT, it is no such file. */
bool service_verify_file(int fd, Progress *progress, JWrite *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens a data directory. Errors: those of store_open. */
Service *service_open(const char *dir, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void service_close(Service *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Service, service_close)

/* The settings feeds.* and outbound.*, for what the use cases ask of other servers: whether they hold, and taking them in place of
 * those before. Without it those of this machine are read when they are needed. Errors: INPUT with the name of the setting. */
bool service_settings_check(const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool service_configure(Service *service, const Config *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the store answers. Errors: STORAGE. */
bool service_is_ready(Service *service, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What answers that are kept are held against: see store_generation in store/store.h. */
uint64_t service_generation(Service *service);

/* Drops the graphs nobody has asked for since then; who reads one now keeps it to the end. */
void service_drop_idle(Service *service, Instant since);

/* The login name of a user of this machine, `uid-N` when it has none. Free it. */
char *service_user_name(uid_t uid);
/* The person of this name, as whom a local command acts; made when it is new. */
bool service_local_caller(Service *service, const char *name, Caller *ret_caller, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* A file a use case reads, or one it writes its product to: open, borrowed, at its beginning. Files are handed over as
 * descriptors, so that a client of another process (the local socket) needs no path the server could misread. */
typedef struct {
        const char *name; /* base name, for messages and for the identity of what is imported */
        int fd;
} ServiceFile;
typedef struct {
        const ServiceFile *files;
        size_t n;
} ServiceFiles;

/* Runs a use case by name. Members of `input` that every project use case takes: `project` (key; may be left out when
 * there is one project only), `at` (a commit number, a date, or a baseline key) and `instant` (a date or time: when
 * evidence and waivers are judged; without it now, or the time of the commit in `at`). Errors: NAME_UNKNOWN with near names,
 * DENIED, NOT_FOUND for a project that the caller may not see, and those of the use case; on failure nothing changed and what was written to `w` is to be thrown away. */
bool service_call(Service *service, const Caller *caller, const char *usecase, const json_t *input,
                  ServiceFiles files, JWrite *w, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a caller that wants to hear how far long work is, or may end it: until the commit that acknowledges it,
 * when it is too late. Errors: CANCELLED. */
bool service_call_watched(Service *service, const Caller *caller, const char *usecase, const json_t *input,
                          ServiceFiles files, Progress *progress, JWrite *w, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

/* The use case `inspect`, which needs no data directory: members of `input` are `format` and `profile`, both optional. One
 * file gives {"file","format","version","figures","problems","lost"}, several an array of these, in which a file that cannot
 * be read has `refused` instead. Errors: those of the reader, for a single file. */
bool service_inspect(const json_t *input, ServiceFiles files, JWrite *w, GError **error)
        G_GNUC_WARN_UNUSED_RESULT;

#endif
