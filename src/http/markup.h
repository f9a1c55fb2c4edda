/* Writing HTML: what comes from data is escaped by the name of the function it goes through. Not thread-safe: the buffer is
 * its owner's. */
#ifndef HTTP_MARKUP_H
#define HTTP_MARKUP_H

#include "base/out.h"

/* Markup of the program itself, a literal. */
#define markup_raw(out, literal) out_text((out), "" literal)
/* Text between tags, or the value of an attribute between double quotes. */
void markup_text(Out *out, const char *text);
/* A part of an address: percent-encoded, so that it stays one segment or one value. */
void markup_url(Out *out, const char *text);

#endif
