/* ZW_VERIFY: aborts always, in every build. For places where going on would write something untrue; never for
 * input. Thread-safe. */
#ifndef BASE_VERIFY_H
#define BASE_VERIFY_H

#include <glib.h>

#define ZW_VERIFY(condition) \
        (G_LIKELY(condition) \
                 ? (void)0   \
                 : g_assertion_message_expr(G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, #condition))

#endif
