/* The cells of a model of Threat Dragon, version 1 or 2, as items (threat_dragon_tell.c). */
#ifndef EXCHANGE_THREAT_DRAGON_H
#define EXCHANGE_THREAT_DRAGON_H

#include "exchange/format.h"

/* `file` names the model when it has no title. */
void threat_dragon_tell(JVal root, Sink *sink, const char *file);

#endif
