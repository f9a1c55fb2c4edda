"""What countermeasures do to safety and essential functions, said a second time: every pair of things by trying all of them."""
import twin_shared

ASKS_LATENCY, ASKS_PFD = {'response_time'}, {'availability', 'integrity', 'common_cause'}
EVENTS = {'availability': {'denial_of_service', 'fail_close', 'island_mode'}, 'access': {'lock_out', 'expired_credential'},
          'maintenance': {'lock_out'}}
PFD_BELOW, PFH_BELOW = [1e-1, 1e-2, 1e-3, 1e-4], [1e-5, 1e-6, 1e-7, 1e-8]


class Twin(twin_shared.Twin):
    def number(self, attrs, name):
        return float(attrs[name]) if name in attrs else None

    # ---- candidates ----

    def ways(self, measure, function):
        """Tuples (path, on the loop)."""
        for spot in self.after(measure, 'deployed_on'):
            for thing in [spot, *self.after(spot, 'instance_of')]:
                for link in self.out(function, 'uses'):
                    if self.live(link['to']) and any((thing, link['to']) == pair for pair in self.stands_on(function)):
                        steps = [measure, spot, thing, link['to'], function]
                        path = [self.items[no]['key'] for i, no in enumerate(steps) if i == 0 or no != steps[i - 1]]
                        yield path, link.get('as') != 'station'

    # ---- verdicts ----

    def basis(self, measure, function):
        ends = [*self.after(measure, 'deployed_on'), *self.after(function, 'uses')]
        return {measure, function, *ends, *(part for end in ends for part in self.after(end, 'instance_of'))}

    def reopened(self, link):
        basis = self.basis(link['from'], link['to'])
        if self.suspect(link):
            return True
        if link['attrs'].get('judged_on'):
            return link['attrs']['judged_on'] != {self.items[no]['key']: str(self.items[no]['subst']) for no in basis}
        return any(self.suspect(other) for other in self.links if other['from'] in basis and self.live(other['to']) and
                   other['type'] in ('uses', 'deployed_on', 'instance_of'))

    def state(self, link):
        if link is None:
            return 'unassessed'
        verdict = link['attrs'].get('verdict', 'open')
        return 'open' if verdict == 'open' else 'reopened' if self.reopened(link) else verdict

    # ---- sums ----

    def total(self, own, found, name, asks):
        """The sum, what it is at least, and whether something of it is missing."""
        added, missing = 0, False
        for pair in found.values():
            aspects = set(pair['attrs'].get('aspects', []))
            if not (aspects & asks if aspects else pair['on_loop']):
                continue
            figure = self.number(pair['attrs'], name)
            added += figure or 0
            missing |= figure is None or pair['state'] == 'reopened'
        return (None if own is None else own + added), (own or 0) + added, missing or own is None

    def response(self, attrs, found):
        span, lag = self.number(attrs, 'process_safety_time_ms'), self.number(attrs, 'process_lag_ms')
        margin = self.number(attrs, 'response_margin_ms') if 'response_margin_ms' in attrs else span and span / 2
        total, least, missing = self.total(self.number(attrs, 'response_time_ms'), found, 'added_latency_ms', ASKS_LATENCY)
        if span is None:
            return total, 'unknown'
        return total, 'not_met' if least > span - (lag or 0) - margin else 'unknown' if missing or lag is None else 'met'

    def probability(self, attrs, found):
        low, target = attrs.get('mode') == 'low', attrs.get('sil_target')
        if low:
            total, least, missing = self.total(self.number(attrs, 'pfd'), found, 'added_pfd', ASKS_PFD)
        else:
            total = least = self.number(attrs, 'pfh_per_h') if 'mode' in attrs else None
            missing = any(self.number(pair['attrs'], 'added_pfd') != 0 for pair in found.values()
                          if (set(pair['attrs'].get('aspects', [])) & ASKS_PFD if pair['attrs'].get('aspects') else pair['on_loop']))
        sil, best = (-1 if figure is None else sum(figure < limit for limit in (PFD_BELOW if low else PFH_BELOW)) for figure in (total, least))
        if best < 0 or target is None:
            return total, sil, 'unknown'
        return total, sil, 'not_met' if best < target else 'unknown' if missing else 'met'

    def hindered(self, function, pair):
        no = {event for event, yes in (self.attr(function, 'keeps') or {}).items() if not yes}
        return any(no & EVENTS.get(aspect, set()) for aspect in pair['attrs'].get('aspects', []))

    # ---- the whole ----

    def pairs(self, function):
        found = {}
        for measure in self.items:
            if self.kind(measure) != 'countermeasure' or not self.live(measure):
                continue
            link = next((link for link in self.out(measure, 'affects') if link['to'] == function), None)
            ways = list(self.ways(measure, function))
            if ways or link:
                loops = any(loop for _, loop in ways)
                paths = [path for path, loop in ways if loop == loops]
                found[measure] = {'attrs': link['attrs'] if link else {}, 'state': self.state(link), 'on_loop': loops,
                                  'paths': [path for path in paths if len(path) == min(map(len, paths))]}
        return found

    def look(self, function, conflicts):
        found, attrs, key = self.pairs(function), self.items[function]['attrs'], self.items[function]['key']
        safety = self.kind(function) == 'safety_function'
        time, response = self.response(attrs, found) if safety else (None, 'unknown')
        pfd, sil, probability = self.probability(attrs, found) if safety else (None, -1, 'unknown')
        mine = [['response', key, None]] * (response == 'not_met') + [['probability', key, None]] * (probability == 'not_met')
        for measure, pair in sorted(found.items()):
            mine += [['not_acceptable', key, self.items[measure]['key']]] * (pair['state'] == 'not_acceptable')
            mine += [['hindered', key, self.items[measure]['key']]] * (pair['state'] != 'acceptable' and self.hindered(function, pair))
        conflicts += mine
        unsettled = sum(pair['state'] not in ('acceptable', 'not_acceptable') for pair in found.values())
        verdict = 'conflict' if mine else 'unknown' if safety and 'unknown' in (response, probability) else 'open' if unsettled else 'acceptable'
        return {'verdict': verdict, 'response_ms': time, 'pfd': pfd, 'response': response, 'probability': probability, 'sil': sil,
                'open': unsettled, 'interactions': {self.items[no]['key']: pair for no, pair in found.items()}}

    def answer(self):
        conflicts = []
        functions = {item['key']: self.look(no, conflicts) for no, item in sorted(self.items.items())
                     if item['kind'] in ('safety_function', 'essential_function') and self.live(no)}
        everywhere = [item['key'] for no, item in sorted(self.items.items()) if item['kind'] == 'countermeasure' and self.live(no) and
                      self.after(no, 'deployed_on') and all(self.kind(at) == 'system' for at in self.after(no, 'deployed_on'))]
        return {'functions': functions, 'conflicts': conflicts, 'everywhere': everywhere}
