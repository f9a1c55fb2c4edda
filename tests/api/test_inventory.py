#!/usr/bin/env python3
"""Imports of inventories: again, dry, onto what is drawn, and beside findings that are there. What readers say: test_inventory.c."""
import json
import os
import unittest

import plant
import tap

CORPUS = os.path.join(os.environ.get('ZONEWRIGHT_SHARED', '/nonexistent'), 'corpus')

DRAWN = [{'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Cell'},
         {'op': 'item', 'key': 'CP-1', 'kind': 'component', 'title': 'HMI software', 'attrs': {'product': 'Panel'}},
         {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'HMI', 'attrs': {'addresses': ['10.0.0.5']}},
         {'op': 'item', 'key': 'FD-1', 'kind': 'finding', 'title': 'by hand',
          'attrs': {'vulnerability': 'CVE-2020-2', 'sources': ['csaf:X-1'], 'severity': 'low', 'reason': 'csaf: X-1 says so'}},
         {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'},
         {'op': 'link', 'from': 'AS-1', 'type': 'instance_of', 'to': 'CP-1'},
         {'op': 'link', 'from': 'FD-1', 'type': 'concerns', 'to': 'CP-1'}]


def host(address, *ports, state='up', name=None):
    names = f'<hostname name="{name}"/>' if name else ''
    open_ports = ''.join(f'<port protocol="tcp" portid="{port}"><state state="open"/></port>' for port in ports)
    return (f'<host><status state="{state}"/><address addr="{address}" addrtype="ipv4"/><hostnames>{names}</hostnames>'
            f'<ports>{open_ports}</ports></host>')


def scan(*hosts):
    return f'<nmaprun version="7.9">{"".join(hosts)}</nmaprun>'


def nessus(*items, address='10.0.0.5'):
    found = ''.join(f'<ReportItem port="80" protocol="tcp" svc_name="www" severity="{severity}" pluginID="{plugin}" pluginName="P{plugin}">'
                    + ''.join(f'<cve>{cve}</cve>' for cve in cves) + '</ReportItem>' for plugin, severity, *cves in items)
    return (f'<NessusClientData_v2><Report><ReportHost name="h"><HostProperties><tag name="host-ip">{address}</tag></HostProperties>'
            f'{found}</ReportHost></Report></NessusClientData_v2>')


class Inventory(plant.Plant):
    def write(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(content if isinstance(content, str) else '\n'.join(map(json.dumps, content)))
        return path

    def imported(self, *args, code=0):
        done = self.run_zw('--json', 'import', *args)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout)

    def attrs(self, key):
        return self.json('show', key)['attrs']

    def links(self, key):
        return {(x['from'], x['type'], x['to']) for x in self.json('show', key)['links']}

    def test_again(self):
        path = self.write('scan.xml', scan(host('10.0.0.5', 102, 80, name='plc'), host('10.0.0.6', state='down')))
        dry = self.imported('--dry-run', path)
        self.assertEqual((dry['created'], dry['commit'], self.json('list')), ({'asset': 1}, None, []))
        self.assertEqual(self.imported(path)['created'], {'asset': 1})
        self.assertEqual(self.attrs('AS-1'), {'addresses': ['10.0.0.5'], 'hostname': 'plc', 'services': ['tcp/102', 'tcp/80']})
        again = self.imported(path)
        self.assertEqual((again['created'], again['updated'], again['unchanged'], again['commit']), ({}, {}, {'asset': 1}, None))
        # what people entered stays, what the scan found anew is taken
        self.zw('set', 'AS-1', 'location=Hall 2')
        later = self.imported(self.write('scan.xml', scan(host('10.0.0.5', 102, name='plc'))))
        self.assertEqual(later['updated'], {'asset': 1})
        self.assertEqual((self.attrs('AS-1')['services'], self.attrs('AS-1')['location']), (['tcp/102'], 'Hall 2'))

    def test_findings(self):
        self.imported(self.write('drawn.ndjson', DRAWN))
        path = self.write('a.nessus', nessus((11, 3, 'CVE-2020-1'), (12, 4, 'CVE-2020-1'), (13, 2, 'CVE-2020-2'), (14, 1), (15, 0)))
        done = self.imported(path)
        self.assertEqual((done['created'], done['updated']), ({'asset': 1, 'finding': 2}, {'finding': 1}))
        found = {i['attrs']['vulnerability']: i['key'] for i in self.json('list', 'kind:finding')}
        self.assertEqual(set(found), {'CVE-2020-1', 'CVE-2020-2', 'NESSUS-14'})
        # one for both plugins, on the asset that stands in the zone
        one = self.attrs(found['CVE-2020-1'])
        self.assertEqual((one['sources'], one['confidence']), (['nessus:11', 'nessus:12'], 'probable'))
        self.assertEqual(one['reason'], 'nessus:11: P11 (tcp/80)\nnessus:12: P12 (tcp/80)')
        self.assertIn((found['CVE-2020-1'], 'concerns', 'AS-1'), self.links(found['CVE-2020-1']))
        # the finding of the product it is an instance of is not made twice, and its advisory still speaks
        self.assertEqual(found['CVE-2020-2'], 'FD-1')
        self.assertEqual((self.attrs('FD-1')['sources'], self.attrs('FD-1')['severity']), (['csaf:X-1', 'nessus:13'], 'low'))
        again = self.imported(path)
        self.assertEqual((again['created'], again['updated'], again['commit']), ({}, {}, None))
        self.assertEqual(again['unchanged'], {'asset': 1, 'finding': 3})

    def test_people_work_on_it(self):
        self.imported(self.write('drawn.ndjson', DRAWN))
        self.imported(self.write('a.nessus', nessus((11, 3, 'CVE-2020-1'))))
        key = next(i['key'] for i in self.json('list', 'kind:finding') if i['key'] != 'FD-1')
        self.zw('set', key, 'severity=low')
        self.imported(self.write('a.nessus', nessus((11, 4, 'CVE-2020-1'), (12, 4, 'CVE-2020-1'))))
        self.assertEqual((self.attrs(key)['severity'], self.attrs(key)['sources']), ('low', ['nessus:11', 'nessus:12']))

    def differences(self, *args):
        return {row['id']: row for row in self.json('inventory', 'diff', *args)['differences']}

    def test_nothing_seen_is_unknown(self):
        self.zw('add', 'asset', 'title=Pump')
        self.assertEqual(self.json('inventory', 'diff'), {'seen': 0, 'differences': []})
        self.assertIn('unknown', self.zw('inventory', 'diff'))

    def test_as_built(self):
        self.imported(self.write('drawn.ndjson', [
            {'op': 'item', 'key': 'ZN-1', 'kind': 'zone', 'title': 'Cell', 'attrs': {'networks': ['10.0.0.0/24']}},
            {'op': 'item', 'key': 'ZN-2', 'kind': 'zone', 'title': 'Control', 'attrs': {'networks': ['10.0.1.0/24']}},
            {'op': 'item', 'key': 'CD-1', 'kind': 'conduit', 'title': 'Between', 'attrs': {'protocols': ['Modbus/TCP', 'tcp/102']}},
            {'op': 'item', 'key': 'AS-1', 'kind': 'asset', 'title': 'PLC', 'attrs': {'addresses': ['10.0.0.5'], 'installed_version': 'V2.8'}},
            {'op': 'item', 'key': 'AS-2', 'kind': 'asset', 'title': 'HMI', 'attrs': {'addresses': ['10.0.0.9']}},
            {'op': 'item', 'key': 'AS-3', 'kind': 'asset', 'title': 'Historian', 'attrs': {'hostname': 'hist'}},
            {'op': 'item', 'key': 'AS-4', 'kind': 'asset', 'title': 'Valve, by hand'},
            {'op': 'link', 'from': 'CD-1', 'type': 'connects', 'to': 'ZN-1', 'as': 'a'},
            {'op': 'link', 'from': 'CD-1', 'type': 'connects', 'to': 'ZN-2', 'as': 'b'},
            {'op': 'link', 'from': 'AS-1', 'type': 'part_of', 'to': 'ZN-1'},
            {'op': 'link', 'from': 'AS-2', 'type': 'part_of', 'to': 'ZN-1'},
            {'op': 'link', 'from': 'AS-3', 'type': 'part_of', 'to': 'ZN-1'}]))
        self.assertEqual(self.differences(), {})
        self.imported(self.write('scan.xml', scan(host('10.0.0.5', 502, 102, 23), host('10.0.1.7', name='hist'), host('10.0.1.8'), host('10.0.7.7'))))
        self.imported(self.write('s.scd', '<SCL><Communication><SubNetwork name="Bus"><ConnectedAP iedName="F1"><Address><P type="IP">10.0.0.5</P></Address>'
                                          '</ConnectedAP></SubNetwork></Communication><IED name="F1" configVersion="2.9"/></SCL>'))
        rows = self.differences()
        keys = {item['attrs'].get('addresses', ['-'])[0]: item['key'] for item in self.json('list', 'kind:asset') if item['key'] > 'AS-4'}
        self.assertEqual(set(rows), {'AS-1:tcp/23', 'AS-1:version', 'AS-2:not_seen', 'AS-3:elsewhere', f'{keys["10.0.1.8"]}:not_drawn', f'{keys["10.0.7.7"]}:not_drawn'})
        self.assertEqual((rows['AS-1:version']['found'], rows['AS-1:version']['known'], rows['AS-3:elsewhere']['there']), ('2.9', 'V2.8', 'ZN-2'))
        # each is settled by the ordinary edit: first shown, then done
        for name, action in (('AS-1:version', 'update'), ('AS-3:elsewhere', 'move'), (f'{keys["10.0.1.8"]}:not_drawn', 'create')):
            self.assertIsNone(json.loads(self.zw('--json', 'inventory', 'settle', name, action, '--dry-run'))['commit'])
            self.assertIn(name, self.differences())
            self.assertIsNotNone(json.loads(self.zw('--json', 'inventory', 'settle', name, action))['commit'])
            self.assertNotIn(name, self.differences())
        self.assertEqual(self.attrs('AS-1')['installed_version'], '2.9')
        self.assertIn(('AS-3', 'part_of', 'ZN-2'), self.links('AS-3'))
        self.assertNotIn(('AS-3', 'part_of', 'ZN-1'), self.links('AS-3'))
        # a reason is needed, and kept; what nobody knows the zone of can only be accepted
        self.assertIn('reason', self.zw('inventory', 'settle', 'AS-1:tcp/23', 'accept', code=2))
        self.zw('inventory', 'settle', 'AS-1:tcp/23', 'accept', '--reason', 'until the next stop')
        self.assertNotIn('AS-1:tcp/23', self.differences())
        self.assertEqual(self.differences('--accepted')['AS-1:tcp/23']['accepted'], 'until the next stop')
        self.assertEqual([action['name'] for action in self.differences()[f'{keys["10.0.7.7"]}:not_drawn']['actions']], ['accept'])
        self.assertIn('no difference', self.zw('inventory', 'settle', 'AS-9:port', 'accept', code=2))

    def test_rows_of_a_scan_that_was_imported_whole(self):
        """The delimited export of a scan says less than its XML: what it leaves out stays, and what it adds is there."""
        tags = {'host-ip': '10.0.0.5', 'mac-address': '00:1B:1B:AA:BB:CC', 'host-fqdn': 'plc.example', 'operating-system': 'VxWorks'}
        whole = self.write('scan.nessus', '<NessusClientData_v2><Report name="r"><ReportHost name="10.0.0.5"><HostProperties>'
                           + ''.join(f'<tag name="{name}">{text}</tag>' for name, text in tags.items()) + '</HostProperties>'
                           '<ReportItem port="80" svc_name="www" protocol="tcp" severity="2" pluginID="7" pluginName="A" pluginFamily="x"/></ReportHost></Report></NessusClientData_v2>')
        head = 'Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis,Description,Solution,See Also,Plugin Output\n'
        self.imported(whole)
        [key] = [item['key'] for item in self.json('list', 'kind:asset')]
        before, title = self.attrs(key), self.json('show', key)['title']
        self.assertEqual(before['addresses'], ['10.0.0.5', '00:1B:1B:AA:BB:CC'])
        self.imported(self.write('same.csv', head + '7,,5.0,Medium,10.0.0.5,tcp,80,A,,,,,\n'))
        self.assertEqual((self.attrs(key), self.json('show', key)['title']), (before, title))
        self.imported(self.write('more.csv', head + '8,,5.0,Medium,10.0.0.5,tcp,502,B,,,,,\n'))
        self.assertEqual(self.attrs(key)['services'], [*before['services'], 'tcp/502'])
        self.assertEqual(self.attrs(key)['addresses'], before['addresses'])

    def test_refused(self):
        for name, text, why in (('a.xml', '<nmaprun><host>', 'line 1'), ('b.nessus', '<NessusClientData_v2/', 'line 1'),
                                ('c.spdx', 'SPDXVersion: SPDX-2.3\nnonsense\n', 'line 2'),
                                ('e.csv', 'Plugin ID,CVE,Host\n1,,h\n', 'row 1'), ('f.csv', 'Plugin ID,CVE,Host,"Risk\n', 'row 1')):
            self.assertIn(f'{name}: {why}', self.zw('import', self.write(name, text), code=3))
        double = self.write('d.scd', '<SCL><IED name="A"/><IED name="A"/></SCL>')
        self.assertEqual([r['where'] for r in self.imported(double, code=3)['refused']], ['line 1'])
        self.assertEqual(self.json('list'), [])

    @unittest.skipUnless(os.path.isdir(CORPUS), f'{CORPUS} is absent')
    def test_corpus(self):
        for folder, file, created in (
                ('nmap', 'django-DefectDojo/nmap_script_vulners.xml', {'asset': 1, 'component': 1}),
                ('nessus', 'django-DefectDojo/nessus_was_many_vuln.xml', {'asset': 1, 'finding': 4}),
                ('nessus', 'django-DefectDojo/nessus_many_vuln2-default.csv', {'asset': 1, 'finding': 2}),
                ('openvas', 'django-DefectDojo/many_vuln.xml', {'asset': 1, 'finding': 63}),
                ('iec61850-scl', 'open-scd/valid2007B4.scd', {'asset': 3, 'component': 1}),
                ('automationml', 'AML-UA-XSLT/AR_APC_Example.aml', {'asset': 3, 'component': 7}),
                ('spdx', 'trustify/openssl-3.0.7-18.el9_2.spdx.json', {'component': 38}),
                ('spdx', 'spdx-examples/examplemaven-0.0.1-enriched.spdx3.json', {'component': 6})):
            path = os.path.join(CORPUS, folder, file)
            self.assertEqual(self.imported(path)['created'], created, file)
            again = self.imported(path)
            self.assertEqual((again['created'], again['updated'], again['unchanged'], again['commit']), ({}, {}, created, None), file)


tap.main()
