/* What has to happen before the sandbox is closed, so that OpenPGP can be read in it. */
#ifndef EXCHANGE_OPENPGP_H
#define EXCHANGE_OPENPGP_H

/* Lets the library open its source of random numbers, without which it does not begin. */
void openpgp_init(void);

#endif
