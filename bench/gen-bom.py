#!/usr/bin/env python3
"""A CycloneDX bill of so many components, the same bytes for the same number: to measure how large bills are read.

Usage: gen-bom.py N > bom.json

Every component has what those of real tools have: a supplier, a licence, a hash, a purl as its reference, and needs up to
three of those after it."""
import hashlib
import sys


def component(n):
    name, version = f'part-{n % 5000}-{n}', f'{n % 9}.{n % 13}.{n % 101}'
    purl = f'pkg:npm/%40group{n % 200}/{name}@{version}'
    digest = hashlib.sha256(purl.encode()).hexdigest()
    return purl, (f'{{"type":"library","bom-ref":"{purl}","group":"@group{n % 200}","name":"{name}","version":"{version}",'
                  f'"supplier":{{"name":"Supplier {n % 400}"}},"description":"Component {n} of a generated bill of materials",'
                  f'"hashes":[{{"alg":"SHA-256","content":"{digest}"}}],"licenses":[{{"license":{{"id":"MIT"}}}}],"purl":"{purl}"}}')


def main():
    n = int(sys.argv[1])
    put = sys.stdout.write
    put('{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,'
        '"metadata":{"component":{"type":"firmware","bom-ref":"root","name":"Controller","version":"2.0"}},"components":[')
    for i in range(n):
        put((',\n' if i else '\n') + component(i)[1])
    put('],"dependencies":[')
    for i in range(n):
        needs = ','.join(f'"{component(m)[0]}"' for m in (i + 1, i + 2, i + 11) if m < n)
        put((',\n' if i else '\n') + f'{{"ref":"{component(i)[0]}","dependsOn":[{needs}]}}')
    put(']}\n')


main()
