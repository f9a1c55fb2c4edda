/* Content in a store of files that speaks the protocol of S3: an object each, named by its hash as the file of a data directory is.
 * Requests are signed with version 4 of AWS, by libcurl; the hash of what is sent is in the signature, so that the store takes
 * that and nothing else. A request that failed for reasons of theirs is made again, which changes nothing. All tries for a content
 * together have so much time and no more: whoever waits for it holds a thread. */
#include "base/error.h"
#include "base/secret.h"
#include "store/internal.h"
#include "store/postgres/postgres.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { CONNECT_SECONDS = 5, QUIET_SECONDS = 30, TRIES_MAX = 3, PAUSE_MICROSECONDS = 200000, KEY_MAX = 512 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, curl_easy_cleanup)
typedef struct curl_slist HeaderFields;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HeaderFields, curl_slist_free_all)

/* ---- Where it lies ---- */

static bool bucket_refuse(GError **error, const char *why)
{
        error_set(error, ZW_ERR_INPUT, "ZONEWRIGHT_DATABASE_BLOBS", "%s", why);
        return false;
}

static bool is_plain(const char *text, const char *more)
{
        for (; *text != '\0'; text++)
                if (!g_ascii_isalnum(*text) && strchr(more, *text) == NULL)
                        return false;
        return true;
}

static bool is_loopback(const char *host)
{
        return strcmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0;
}

/* What would have to be encoded, and then signed as that, is not taken. */
static bool url_check(const char *url, GError **error)
{
        g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD, NULL);
        const char *path = uri == NULL ? "" : g_uri_get_path(uri);
        const bool tls = uri != NULL && strcmp(g_uri_get_scheme(uri), "https") == 0;

        if (uri == NULL || g_uri_get_host(uri) == NULL || g_uri_get_userinfo(uri) != NULL ||
            g_uri_get_query(uri) != NULL || g_uri_get_fragment(uri) != NULL || path[0] != '/' ||
            path[1] == '\0' || g_str_has_suffix(path, "/") || strstr(path, "//") != NULL ||
            !is_plain(path, "/-._"))
                return bucket_refuse(error, "it is \"directory\", https://HOST/BUCKET/PREFIX, or not set");
        if (!tls && (strcmp(g_uri_get_scheme(uri), "http") != 0 || !is_loopback(g_uri_get_host(uri))))
                return bucket_refuse(error, "other machines are asked over https only");
        return true;
}

bool postgres_bucket_new(const char *url, PostgresBucket *ret_bucket, GError **error)
{
        const char *region = g_getenv("ZONEWRIGHT_DATABASE_BLOBS_REGION");
        const char *key = g_getenv("ZONEWRIGHT_DATABASE_BLOBS_KEY");
        const char *time = g_getenv("ZONEWRIGHT_DATABASE_BLOBS_SECONDS");
        gint64 seconds = ZW_BUCKET_SECONDS;

        if (!url_check(url, error))
                return false;
        if (region == NULL || region[0] == '\0')
                region = "us-east-1";
        if (!is_plain(region, "-"))
                return bucket_refuse(error, "the name of a region is made of letters, digits and -");
        if (key == NULL || key[0] != '/')
                return bucket_refuse(
                        error,
                        "ZONEWRIGHT_DATABASE_BLOBS_KEY has to be the path, from /, of a file with ID:SECRET");
        if (time != NULL && time[0] != '\0' &&
            !g_ascii_string_to_signed(time, 10, 1, ZW_BUCKET_SECONDS_MAX, &seconds, NULL))
                return bucket_refuse(error, "ZONEWRIGHT_DATABASE_BLOBS_SECONDS has to be 1 to 3600");
        *ret_bucket = (PostgresBucket){ g_strdup(url), g_strdup(region), g_strdup(key), (int)seconds };
        return true;
}

void postgres_bucket_clear(PostgresBucket *bucket)
{
        g_clear_pointer(&bucket->url, g_free);
        g_clear_pointer(&bucket->region, g_free);
        g_clear_pointer(&bucket->key, g_free);
}

/* ---- Asking ---- */

typedef struct {
        const PostgresBucket *bucket;
        const Digest *digest;
        int fd;
        bool puts;
        gint64 end; /* by the monotonic clock */
        CURL *curl;
        GError *failure; /* of the file that is read or written */
} Asking;

static size_t give(char *bytes, size_t size, size_t n, void *payload)
{
        Asking *asking = payload;
        const ssize_t done = file_read(asking->fd, bytes, size * n, "blob", &asking->failure);

        return done < 0 ? CURL_READFUNC_ABORT : (size_t)done;
}

static size_t take(char *bytes, size_t size, size_t n, void *payload)
{
        Asking *asking = payload;
        long status = 0;

        curl_easy_getinfo(asking->curl, CURLINFO_RESPONSE_CODE, &status);
        if (asking->puts || status != 200)
                return size * n; /* what it says of itself */
        return file_write(asking->fd, bytes, size * n, "blob", &asking->failure) ? size * n : 0;
}

static SecretText *key_read(const PostgresBucket *bucket, GError **error)
{
        g_auto(Fd) fd = open(bucket->key, O_RDONLY | O_CLOEXEC);

        if (fd < 0) {
                error_set(error, ZW_ERR_STORAGE, bucket->key,
                          "the file with the key of the store of files cannot be read");
                return NULL;
        }
        return secret_text_read(fd, KEY_MAX, error);
}

static bool prepare_body(Asking *asking)
{
        struct stat facts;

        if (lseek(asking->fd, 0, SEEK_SET) != 0 || fstat(asking->fd, &facts) != 0 ||
            (!asking->puts && ftruncate(asking->fd, 0) != 0))
                return false;
        return !asking->puts || (curl_easy_setopt(asking->curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
                                 curl_easy_setopt(asking->curl, CURLOPT_INFILESIZE_LARGE,
                                                  (curl_off_t)facts.st_size) == CURLE_OK &&
                                 curl_easy_setopt(asking->curl, CURLOPT_READFUNCTION, give) == CURLE_OK &&
                                 curl_easy_setopt(asking->curl, CURLOPT_READDATA, asking) == CURLE_OK);
}

/* Not 0, which libcurl takes for no limit. */
static long milliseconds_left(const Asking *asking)
{
        return MAX(1, (long)((asking->end - g_get_monotonic_time()) / 1000));
}

static bool prepare(Asking *asking, const char *url, const char *signature, const SecretText *key,
                    const HeaderFields *fields)
{
        CURL *curl = asking->curl;

        return curl_easy_setopt(curl, CURLOPT_URL, url) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_PROXY, "") == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, signature) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_USERPWD, secret_text_reveal(key)) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds_left(asking)) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)QUIET_SECONDS) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
               curl_easy_setopt(curl, CURLOPT_WRITEDATA, asking) == CURLE_OK;
}

/* One request; *ret_status is what was answered, 0 when nothing was. */
static bool ask_once(Asking *asking, const SecretText *key, long *ret_status, GError **error)
{
        g_autoptr(CURL) curl = curl_easy_init();
        const Digest body = asking->puts ? *asking->digest : hash_sha256("", 0);
        g_autofree char *url = NULL, *signature = NULL, *hash = NULL;
        g_autoptr(HeaderFields) fields = NULL;
        char hex[ZW_DIGEST_HEX], body_hex[ZW_DIGEST_HEX];
        CURLcode code;

        hex_encode(asking->digest->b, ZW_DIGEST_BYTES, hex);
        url = g_strdup_printf("%s/%.2s/%s", asking->bucket->url, hex, hex + 2);
        signature = g_strdup_printf("aws:amz:%s:s3", asking->bucket->region);
        hex_encode(body.b, ZW_DIGEST_BYTES, body_hex);
        hash = g_strdup_printf("x-amz-content-sha256: %s", body_hex);
        fields = curl_slist_append(NULL, hash);
        asking->curl = curl;
        *ret_status = 0;
        if (curl == NULL || !prepare_body(asking) || !prepare(asking, url, signature, key, fields)) {
                error_set(error, ZW_ERR_STORAGE, url, "the request to the store of files could not be made");
                return false;
        }
        code = curl_easy_perform(curl);
        if (code == CURLE_OK)
                curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, ret_status);
        else if (asking->failure != NULL)
                g_propagate_error(error, g_steal_pointer(&asking->failure));
        else
                error_set(error, ZW_ERR_STORAGE, url, "the store of files did not answer: %s",
                          curl_easy_strerror(code));
        return code == CURLE_OK;
}

static bool ask(Asking *asking, long *ret_status, GError **error)
{
        g_autoptr(SecretText) key = key_read(asking->bucket, error);
        g_autoptr(GError) why = NULL;
        bool ok = false;

        if (key == NULL)
                return false;
        asking->end = g_get_monotonic_time() + asking->bucket->seconds * G_USEC_PER_SEC;
        for (int i = 0; i < TRIES_MAX && (i == 0 || g_get_monotonic_time() < asking->end); i++) {
                if (i > 0)
                        g_usleep((gulong)PAUSE_MICROSECONDS << i);
                g_clear_error(&why);
                ok = ask_once(asking, key, ret_status, &why);
                if (ok && *ret_status < 500)
                        return true;
        }
        if (!ok)
                g_propagate_error(error, g_steal_pointer(&why));
        return ok;
}

static bool status_fail(const PostgresBucket *bucket, long status, GError **error)
{
        error_set(error, ZW_ERR_STORAGE, bucket->url, "the store of files answered %ld%s", status,
                  status == 403 ? ": it does not take this key" : "");
        return false;
}

bool postgres_bucket_put(const PostgresBucket *bucket, const Digest *digest, int fd, GError **error)
{
        Asking asking = { .bucket = bucket, .digest = digest, .fd = fd, .puts = true };
        long status;

        return ask(&asking, &status, error) &&
               ((status >= 200 && status < 300) || status_fail(bucket, status, error));
}

bool postgres_bucket_get(const PostgresBucket *bucket, const Digest *digest, int fd, bool *ret_found,
                         GError **error)
{
        Asking asking = { .bucket = bucket, .digest = digest, .fd = fd };
        long status;

        *ret_found = false;
        if (!ask(&asking, &status, error))
                return false;
        *ret_found = status == 200;
        return status == 200 || status == 404 || status_fail(bucket, status, error);
}
