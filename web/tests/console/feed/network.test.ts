import { expect, it } from "vitest";
import { Board } from "../../../console/feed/board";

const NOW = 1_790_000_000_000;

function hello(board: Board, stations: readonly (readonly [string, number, number])[]): number {
  board.apply({ type: "hello", n: 1, now: NOW, stations } as never);
  return board.network;
}

it("is another where a station is elsewhere, and the same after a reconnect", () => {
  const board = new Board();
  const first = hello(board, [["ST.A", 30, 103]]);
  expect(hello(board, [["ST.A", 30, 103]])).toBe(first);
  expect(hello(board, [["ST.A", 31, 103]])).not.toBe(first);
  expect(hello(board, [])).not.toBe(first);
});

it("keeps the pick that an event uses when the same waves are picked again", () => {
  const board = new Board();
  hello(board, [["ST.A", 30, 103]]);
  board.apply({ type: "frame", n: 2, now: NOW, picks: [[1, 0, "P", NOW]] } as never);
  board.picks[0]!.event = "e";
  board.apply({ type: "frame", n: 3, now: NOW, picks: [[2, 0, "P", NOW + 9000]] } as never);
  expect(board.stations[0]!.p!.n).toBe(1);
  board.apply({ type: "frame", n: 4, now: NOW, picks: [[3, 0, "P", NOW + 90_000]] } as never);
  expect(board.stations[0]!.p!.n).toBe(3);
});
