import { describe, expect, it } from "vitest";
import { codeText, explain, findProof, findRow, readError } from "../../../src/meta/errors/lookup.ts";
import { type ErrorAction, ERROR_ROWS } from "../../../src/meta/errors/error-codes.ts";

type Class = "refuse" | "retry" | "throttle" | "token" | "permission" | "blocked" | "doubt";

function classOf(action: ErrorAction): Class {
  return action.do === "hold" ? action.problem : action.do;
}

/** The expected action for each code, written independently from the same pages. */
const EXPECTED: readonly [code: number, subcodes: readonly (number | null)[], expected: Class][] = [
  [1, [null], "doubt"],
  [1, [99], "permission"],
  [1, [1357046], "doubt"],
  [2, [null, 1545133], "doubt"],
  [3, [null], "permission"],
  [4, [null, 2018354], "throttle"],
  [4, [2207051], "blocked"],
  [9, [2018352], "throttle"],
  [12, [null], "doubt"],
  [17, [null], "throttle"],
  [32, [null], "throttle"],
  [341, [null], "throttle"],
  [10, [null], "permission"],
  [10, [2534022, 2018278, 2018065], "refuse"],
  [10, [2018108], "refuse"],
  [10, [1893063], "throttle"],
  [10, [2534077], "permission"],
  [10, [2534014, 1893015, 1404170, 2018336], "refuse"],
  [20, [1772107], "doubt"],
  [25, [2207050], "blocked"],
  [102, [null], "token"],
  [104, [null], "doubt"],
  [298, [null], "doubt"],
  [299, [null], "doubt"],
  [429, [null], "doubt"],
  [803, [null], "doubt"],
  [2500, [null], "doubt"],
  [36103, [null], "permission"],
  [80001, [null], "throttle"],
  [80002, [null], "throttle"],
  [80004, [null], "doubt"],
  [80006, [null], "throttle"],
  [80007, [null], "doubt"],
  [100, [null], "refuse"],
  [100, [33], "refuse"],
  [100, [2018001, 2534014], "refuse"],
  [100, [2534013], "permission"],
  [100, [2534015, 2018014, 2018074, 2018164, 2018320, 2018328], "refuse"],
  [100, [2534022], "refuse"],
  [100, [2534025], "refuse"],
  [100, [2534029], "blocked"],
  [100, [2534037], "refuse"],
  [100, [2018008, 2018047, 2018109, 2018294], "retry"],
  [190, [null, 458, 459, 460, 463, 464, 467, 492], "token"],
  [190, [2207051], "blocked"],
  [200, [null], "permission"],
  [200, [2534066], "refuse"],
  [200, [2534041], "permission"],
  [200, [2534048], "permission"],
  [200, [2018021, 2018027, 2018028], "permission"],
  [230, [null], "refuse"],
  [368, [null], "blocked"],
  [506, [null], "refuse"],
  [551, [null], "refuse"],
  [613, [null, 2534040], "throttle"],
  [613, [1893016], "refuse"],
  [613, [2018338], "blocked"],
  [613, [1996], "throttle"],
  [2022, [null], "refuse"],
  [2018218, [null], "refuse"],
  [2018247, [null], "refuse"],
  [10900, [null], "refuse"],
  [10902, [null], "refuse"],
  [10903, [null], "refuse"],
  [1545041, [null], "refuse"],
  [2018300, [null], "refuse"],
  [2018321, [null], "retry"],
  [2534023, [null], "refuse"],
  [2534024, [null], "refuse"],
  [9000001, [null], "refuse"],
  [2534001, [null], "refuse"],
  [2534068, [null], "refuse"],
  [2534122, [null], "refuse"],
];

const FLAT = EXPECTED.flatMap(([code, subcodes, expected]) =>
  subcodes.map((subcode) => ({ code, subcode, text: codeText({ code, subcode }), expected })),
);

describe("the table of Meta's errors", () => {
  it.each(FLAT)("$text: $expected", ({ code, subcode, expected }) => {
    const row = findRow({ code, subcode });
    expect(row).toMatchObject({ code, subcode });
    expect(row && classOf(row.action)).toBe(expected);
  });

  it("has exactly these rows, each once", () => {
    const rows = ERROR_ROWS.map((row) => codeText(row));
    expect(rows.toSorted()).toEqual(FLAT.map(({ text }) => text).toSorted());
  });

  it("has a meaning and an advice in full sentences", () => {
    for (const row of ERROR_ROWS) {
      expect(row.meaning, codeText(row)).toMatch(/^[A-Z].+\.$/);
      expect(row.advice, codeText(row)).toMatch(/^[A-Z].+\.$/);
      expect(row.reason, codeText(row)).toMatch(/^[a-z_]+$/);
    }
  });
});

describe("finding a code in it", () => {
  it("falls back to the code if the subcode is unknown", () => {
    expect(findRow({ code: 190, subcode: 999999 })).toMatchObject({ code: 190, subcode: null });
    expect(findRow({ code: 100, subcode: 999999 })).toMatchObject({ code: 100, subcode: null });
  });

  it("finds codes that Meta also uses as subcodes", () => {
    expect(findRow({ code: 200, subcode: 2018218 })?.reason).toBe("profile_unreadable");
    expect(findRow({ code: 100, subcode: 10900 })?.reason).toBe("already_replied");
    // Meta answers a second private reply with the codes -1 and 100, and with the statuses 400 and 500.
    for (const code of [-1, 100]) expect(findProof({ code, subcode: 2534023 })?.reason).toBe("already_replied");
    for (const code of [10, 200, 551]) expect(findProof({ code, subcode: 1545041 })?.reason).toBe("person_unavailable");
  });

  it("does not use the row of a shared code as proof for an unknown subcode", () => {
    for (const code of [10, 100, 200]) {
      expect(findProof({ code, subcode: 999999 })).toBeNull();
      expect(findProof({ code, subcode: null })).toMatchObject({ code });
    }
    expect(findProof({ code: 100, subcode: 2534025 })?.reason).toBe("not_repliable");
    expect(findProof({ code: 100, subcode: 10900 })?.reason).toBe("already_replied");
    expect(findProof({ code: 190, subcode: 999999 })?.reason).toBe("token_invalid");
    expect(findProof({ code: 613, subcode: 999999 })?.reason).toBe("rate_limit");
  });

  it("does not treat a small subcode as a code", () => {
    expect(findRow({ code: 12345, subcode: 190 })).toBeNull();
  });

  it("reads a negative code", () => {
    expect(readError({ error: { code: -1, error_subcode: 2534023 } })).toMatchObject({ code: -1, subcode: 2534023 });
    expect(codeText({ code: -1, subcode: 2534023 })).toBe("-1/2534023");
    // No row has the code -1 alone.
    expect(explain("-1")).toBeNull();
  });

  it("has no row for an unknown code, or for 20 without its subcode", () => {
    expect(findRow({ code: 424242, subcode: null })).toBeNull();
    expect(findRow({ code: 20, subcode: null })).toBeNull();
  });

  it("explains a stored code", () => {
    expect(explain("100/2534025")?.reason).toBe("not_repliable");
    expect(explain("190")?.advice).toContain("Connect the account again");
    expect(explain("-1/2534023")?.reason).toBe("already_replied");
    expect(explain("508/2534122")?.reason).toBe("link_refused");
    expect(explain("timeout")).toBeNull();
    expect(explain("http_502")).toBeNull();
  });
});

describe("reading an error", () => {
  it("reads code, subcode and is_transient, but not the text", () => {
    const body = {
      error: { message: "secret", type: "OAuthException", code: 100, error_subcode: 33, is_transient: true },
    };
    expect(readError(body)).toEqual({ code: 100, subcode: 33, isTransient: true });
  });

  it("reads quoted codes", () => {
    expect(readError({ error: { code: "190", error_subcode: "463" } })).toEqual({
      code: 190,
      subcode: 463,
      isTransient: false,
    });
  });

  it.each([[null], ["text"], [[]], [{}], [{ error: "no" }], [{ error: {} }], [{ error: { code: "x" } }]])(
    "is none in %j",
    (body) => {
      expect(readError(body)).toBeNull();
    },
  );
});
