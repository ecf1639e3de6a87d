import { expect, it } from "vitest";
import { rootsInAddress } from "../../core/device/root";

const KEY = "KJYZKzTs6fiVohHBr7jRrl-i31IF0IG0CJEON5gMzGM";

it.each([
  ["", []],
  ["#lat=30.66&lon=104.06", []],
  [`#root=${KEY}`, [KEY]],
  [`#lat=30.66&lon=104.06&root=${KEY}&root=${KEY.slice(0, -1)}A`, [KEY, `${KEY.slice(0, -1)}A`]],
  [`#root=${KEY}x&root=&root=<b>`, []],
])("the roots of %j", (fragment, roots) => {
  expect(rootsInAddress(fragment)).toEqual(roots);
});
