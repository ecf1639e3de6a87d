import { describe, expect, it } from "vitest";
import { Board } from "../../../console/feed/board";
import type { VersionWire } from "../../../console/feed/wire";
import { FollowedView } from "../../../console/map/followed_view";
import { fit, moved } from "../../../console/map/map_view";
import { straightRays } from "../../examples";

const NOW = 1_790_000_000_000;
const table = straightRays();
const version = [1, NOW, NOW, 35, 135, 10, 3, 6, 0.3, 0.98, 4] as const satisfies VersionWire;

function board(...events: object[]): Board {
  const made = new Board();
  const stations = Array.from({ length: 30 }, (_, n) => [`ST.${n}`, 30 + n / 3, 135] as const);
  made.apply({ type: "hello", n: 1, now: NOW, stations, events: events as never });
  return made;
}

const event = {
  ...{ event: "e", versions: [version], arrivals: [], line: null, gone: null },
  ...{ time_sigma: 1, depth_sigma_km: 1 },
};

describe("what the map shows", () => {
  it("is the whole network while there is no event", () => {
    const seen = new FollowedView(board());
    expect(seen.view).toBeNull();
    seen.follow(table, NOW);
    expect(seen.view).toEqual(fit(board().stations));
    expect(seen.middle).toEqual(seen.view!.centre);
  });

  it("is an event, and more as its P wave grows, up to the whole network", () => {
    const known = board(event);
    const seen = new FollowedView(known);
    const radii = [0, 40, 70, 300].map((s) => {
      seen.follow(table, NOW + s * 1000);
      return seen.view!.radiusKm;
    });
    expect([...radii].sort((a, b) => a - b)).toEqual(radii);
    expect(radii[0]).toBeLessThan(radii[1]!);
    expect(seen.view).toEqual(fit(known.stations));
  });

  it("is what the person has chosen, until they ask for all", () => {
    const known = board(event);
    const seen = new FollowedView(known);
    seen.follow(table, NOW);
    const chosen = moved(seen.view!, 1, 0);
    seen.change(chosen);
    seen.follow(table, NOW + 20_000);
    expect(seen.view).toEqual(chosen);
    seen.zoom(2);
    expect(seen.view!.radiusKm).toBe(chosen.radiusKm / 2);
    seen.showAll();
    expect(seen.view).toEqual(fit(known.stations));
    seen.follow(table, NOW + 20_000);
    expect(seen.view!.radiusKm).toBeLessThan(fit(known.stations).radiusKm);
  });
});
