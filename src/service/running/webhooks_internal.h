/* What the files of webhooks share. Inside service/ only. */
#ifndef SERVICE_RUNNING_WEBHOOKS_INTERNAL_H
#define SERVICE_RUNNING_WEBHOOKS_INTERNAL_H

#include "base/lock.h"
#include "service/internal.h"
#include "service/running/outbound.h"
#include "service/running/webhooks.h"
#include "store/jobs.h"

/* What is asked and how, counted: a delivery keeps what it began with. */
typedef struct {
        int refs; /* atomic */
        Outbound *outbound;
        Instant retry_ms;
        char *timestamp_url, *timestamp_ca; /* of the authority, "" for none; the file of its certificates */
} WebhookRules;

struct Webhooks {
        Service *service;
        pthread_t thread;
        pthread_mutex_t lock; /* guards what follows */
        pthread_cond_t wake;
        WebhookRules *rules;
        bool woken, stop;
};

WebhookRules *webhooks_rules(Webhooks *webhooks);
void webhook_rules_unref(WebhookRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebhookRules, webhook_rules_unref)

#endif
