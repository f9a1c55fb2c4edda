#include "http/settings.h"

#include "base/error.h"
#include "base/log.h"
#include "http/listen.h"
#include "service/operations/mail.h"
#include "service/running/webhooks.h"

#include <string.h>

/* A host name as a Host field has it: labels of letters, digits and hyphens. */
static bool host_check(const char *host, GError **error)
{
        const size_t n = strlen(host);

        if (n <= 253 &&
            strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.") == n &&
            host[0] != '.' && host[0] != '-' && strstr(host, "..") == NULL)
                return true;
        error_set(error, ZW_ERR_INPUT, config_name(ZW_CONFIG_HOST),
                  "\"%s\" is not a host name (without scheme and port)", host);
        return false;
}

bool settings_check(const Config *config, Tls **ret_tls, GError **error)
{
        const char *listen = config_text(config, ZW_CONFIG_LISTEN);
        g_autoptr(Tls) tls = NULL;
        bool loopback;

        if (!webhooks_settings_check(config, error) || !service_settings_check(config, error) ||
            !mail_settings_check(config, error))
                return false;
        if (!listen_check(listen, &loopback, error) ||
            !host_check(config_text(config, ZW_CONFIG_HOST), error))
                return false;
        if (tls_is_wanted(config)) {
                tls = tls_load(config, error);
                if (tls == NULL)
                        return false;
        } else if (!loopback && !config_flag(config, ZW_CONFIG_PLAIN_HTTP)) {
                error_set(
                        error, ZW_ERR_USAGE, listen,
                        "without TLS the server listens on loopback only: set server.certificate and server.key, or "
                        "server.insecure_plain_http when something in front brings TLS");
                return false;
        }
        if (ret_tls != NULL)
                *ret_tls = g_steal_pointer(&tls);
        return true;
}

void settings_apply_log(const Config *config)
{
        log_configure((LogLevel)config_int(config, ZW_CONFIG_LOG_LEVEL),
                      (LogFormat)config_int(config, ZW_CONFIG_LOG_FORMAT));
}
