import { describe, expect, it } from "vitest";
import { parseDistinguishedName } from "../../src/receiver/client-certificate.ts";

describe("a distinguished name", () => {
  // The examples of RFC 2253, section 5.
  it.each([
    ["CN=Steve Kille,O=Isode Limited,C=GB", ["CN", "Steve Kille"], ["O", "Isode Limited"], ["C", "GB"]],
    ["OU=Sales+CN=J. Smith,O=Widget Inc.,C=US", ["OU", "Sales"], ["CN", "J. Smith"], ["O", "Widget Inc."], ["C", "US"]],
    ["CN=L. Eagle,O=Sue\\, Grabbit and Runn,C=GB", ["CN", "L. Eagle"], ["O", "Sue, Grabbit and Runn"], ["C", "GB"]],
    ["CN=Before\\0DAfter,O=Test,C=GB", ["CN", "Before\rAfter"], ["O", "Test"], ["C", "GB"]],
    ["SN=Lu\\C4\\8Di\\C4\\87", ["SN", "Lučić"]],
  ])("%s is parsed", (text, ...attributes) => {
    expect(parseDistinguishedName(text)).toEqual(attributes.map(([type, value]) => ({ type, value })));
  });

  it.each([
    ["", []],
    ["CN=", [["CN", ""]]],
    [
      "CN=a ; O=b",
      [
        ["CN", "a"],
        ["O", "b"],
      ],
    ],
    ["CN=a\\ ", [["CN", "a "]]],
    [
      'CN="a, b+c \\" d" , O=e',
      [
        ["CN", 'a, b+c " d'],
        ["O", "e"],
      ],
    ],
    [
      "OID.2.5.4.3=a,1.3.6.1=b",
      [
        ["2.5.4.3", "a"],
        ["1.3.6.1", "b"],
      ],
    ],
    ["cn=é🙏", [["CN", "é🙏"]]],
  ])("%j is valid", (text, attributes) => {
    expect(parseDistinguishedName(text)).toEqual(attributes.map(([type, value]) => ({ type, value })));
  });

  it.each([
    "CN",
    "=a",
    "CN=a,",
    ",CN=a",
    "CN=a,,O=b",
    "CN=a\\",
    "CN=a\\x",
    'CN="a',
    'CN="a"b',
    'CN=a"b',
    "CN=a=b",
    "CN=#04024869",
    "CN=\\FF",
  ])("%j is invalid", (text) => {
    expect(parseDistinguishedName(text)).toBeNull();
  });
});
