#include "base/error.h"

#include <pthread.h>
#include <stdint.h>

typedef struct {
        char *where;
} ErrorPrivate;

typedef struct {
        int number, http, exit;
        const char *symbol, *meaning;
} ErrorRow;

static const ErrorRow rows[] = {
#define ERROR(symbol, number, http, exit, meaning) { number, http, exit, #symbol, meaning },
#include "base/errors.def"
#undef ERROR
};

static void private_init(GError *error);
static void private_copy(const GError *from, GError *to);
static void private_clear(GError *error);

/* G_DEFINE_EXTENDED_ERROR is spelled out, because its g_once_init_enter gives false races under
 * ThreadSanitizer. */
static pthread_once_t domain_once = PTHREAD_ONCE_INIT;
static GQuark domain;

static void domain_register(void)
{
        domain = g_error_domain_register_static("zw-error-quark", sizeof(ErrorPrivate), private_init,
                                                private_copy, private_clear);
}

GQuark zw_error_quark(void)
{
        (void)pthread_once(&domain_once, domain_register);
        return domain;
}

/* GLib keeps the private data before the error, rounded up to twice the size of a pointer. */
static ErrorPrivate *private_get(const GError *error)
{
        const size_t unit = 2 * sizeof(gsize);
        const size_t size = (sizeof(ErrorPrivate) + unit - 1) / unit * unit;

        return (ErrorPrivate *)(void *)((char *)(uintptr_t)error - size);
}

static void private_init(GError *error)
{
        private_get(error)->where = NULL;
}

static void private_copy(const GError *from, GError *to)
{
        private_get(to)->where = g_strdup(private_get(from)->where);
}

static void private_clear(GError *error)
{
        g_free(private_get(error)->where);
}

void error_set(GError **error, ZwErrorCode code, const char *where, const char *format, ...)
{
        GError *new_error = NULL;
        va_list args;

        if (error == NULL)
                return;

        va_start(args, format);
        new_error = g_error_new_valist(ZW_ERROR, (int)code, format, args);
        va_end(args);
        private_get(new_error)->where = g_strdup(where);
        g_propagate_error(error, new_error);
}

const char *error_where(const GError *error)
{
        return error != NULL && error->domain == ZW_ERROR ? private_get(error)->where : NULL;
}

void error_set_where(GError *error, const char *format, ...)
{
        va_list args;
        char *where;

        if (error == NULL || error->domain != ZW_ERROR)
                return;

        va_start(args, format);
        where = g_strdup_vprintf(format, args);
        va_end(args);
        g_free(private_get(error)->where);
        private_get(error)->where = where;
}

/* The first row is INTERNAL. */
static const ErrorRow *row_get(int code)
{
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (rows[i].number == code)
                        return &rows[i];
        return &rows[0];
}

int error_exit_code(int code)
{
        return row_get(code)->exit;
}

int error_http_status(int code)
{
        return row_get(code)->http;
}

const char *error_symbol(int code)
{
        return row_get(code)->symbol;
}

const char *error_meaning(int code)
{
        return row_get(code)->meaning;
}

bool error_find(const char *symbol, ZwErrorCode *ret_code)
{
        for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
                if (g_strcmp0(rows[i].symbol, symbol) == 0) {
                        *ret_code = (ZwErrorCode)rows[i].number;
                        return true;
                }
        return false;
}
