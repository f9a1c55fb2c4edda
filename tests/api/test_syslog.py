#!/usr/bin/env python3
"""Checkpoints told to syslog: what a running server signed of its logs, and that an old copy was put in the place of one."""
import os
import re
import shutil
import socket

import rows
import tap
from plant import ZW
from server import Served

LOG = '/dev/log'  # where the C library sends


class Syslog(Served):
    settings = {'ZONEWRIGHT_CHECKPOINT_SECONDS': '1', 'ZONEWRIGHT_CHECKPOINT_SYSLOG': 'true'}

    def setUp(self):
        if os.path.lexists(LOG) or not os.access('/dev', os.W_OK):
            self.skipTest('/dev/log is not ours to listen at')
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(LOG)
        self.addCleanup(os.unlink, LOG)
        self.addCleanup(self.socket.close)
        self.socket.settimeout(30)
        super().setUp()

    def told(self):
        """The next message about the project: its priority and its members."""
        while True:
            text = self.socket.recv(65536).decode()
            found = re.fullmatch(r'<(\d+)>.*checkpoint project=MAIN size=(\d+) root=(\S*) ?(.*?)\0?', text)
            if found:
                return int(found[1]), int(found[2]), found[3], found[4]

    def fill(self):
        self.zw('add', 'zone', 'title=Filters')

    def signed(self):
        """What is told of a log as it is now."""
        now = self.json('verify')
        return 13, now['commits'], now['root'], ''  # a notice of the facility user

    def test_what_was_signed_and_what_was_refused(self):
        self.assertEqual(self.told(), self.signed())
        self.stop()
        rows.copy(ZW, self.data, self.data + '.old')
        self.serve()
        self.zw('add', 'zone', 'title=Pumps')
        self.assertEqual(self.told(), self.signed())
        self.stop()
        shutil.rmtree(self.data + '.old/keys', ignore_errors=True)  # a backup has none; they remember, wherever the data come from
        shutil.move(self.data + '/keys', self.data + '.old/keys')
        shutil.rmtree(self.data)
        os.rename(self.data + '.old', self.data)
        self.serve()
        priority, size, _, problem = self.told()
        self.assertEqual((priority, size), (10, 0))  # critical
        self.assertIn('an older copy', problem)


if __name__ == '__main__':
    tap.main()
