/* A streaming writer of well-formed HTML (it reads as XML too) on a bounded buffer. It tracks nesting, and how a text is
 * escaped is chosen by the name of the function: there is none that takes a text and writes it as it is. Names of elements
 * and attributes, and raw markup, are literals of the source, which the macros see to. Wrong nesting is a programmer's
 * error. Owned by its creator; not thread-safe. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/out.h"

typedef struct Html Html;

/* Writes into `out`, which is borrowed and must live longer. */
Html *html_new(Out *out);
void html_free(Html *html);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Html, html_free)

/* Begins an element; attributes may follow until the next call that is none. */
#define html_open(html, name) html_open_((html), "" name)
/* Ends the innermost element, which must be `name`. */
#define html_close(html, name) html_close_((html), "" name)
/* An element without content (`meta`, `br`), ended by what follows. */
#define html_void(html, name) html_void_((html), "" name)
/* Markup as it is. */
#define html_raw(html, literal) html_raw_((html), "" literal)

/* An attribute of the element begun last. */
#define html_attr(html, name, value) html_attr_((html), "" name, (value))
/* An attribute that holds an address. Only fragments, relative addresses and http, https and mailto are written; any other
 * scheme (javascript, data) leaves an address that leads nowhere. */
#define html_url(html, name, url) html_url_((html), "" name, (url))

/* Text between tags. What HTML does not allow in a text (controls) is written as U+FFFD. */
void html_text(Html *html, const char *text);
void html_text_n(Html *html, const char *text, size_t n);
void html_number(Html *html, gint64 number);

/* Inside <style>: a sheet compiled in (it must not hold "</"), and a text as one CSS string with its quotes. */
void html_css_sheet(Html *html, const char *sheet);
void html_css_string(Html *html, const char *text);

/* True when everything that was begun has ended. */
bool html_is_done(const Html *html);

void html_open_(Html *html, const char *name);
void html_close_(Html *html, const char *name);
void html_void_(Html *html, const char *name);
void html_raw_(Html *html, const char *literal);
void html_attr_(Html *html, const char *name, const char *value);
void html_url_(Html *html, const char *name, const char *url);

#endif
