/**
 * To the other pages of this server in the same browser: by BroadcastChannel, or where there is
 * none by events of the storage, in which nothing is left. Where both are missing, a page is alone.
 */

import type { Channel, Post } from "../output/one_voice";

const NAME = "forewave.pages";

/** Several servers may be under one origin, each with a prefix. */
function name(): string {
  return NAME + new URL(".", location.href).pathname;
}

export function channelToPages(): Channel {
  return typeof BroadcastChannel === "undefined" ? byStorage(name()) : byBroadcast(name());
}

function byBroadcast(called: string): Channel {
  const broadcast = new BroadcastChannel(called);
  const channel: Channel = { post: (post) => broadcast.postMessage(post), hear: () => {} };
  broadcast.onmessage = ({ data }) => channel.hear(data as Post);
  return channel;
}

function byStorage(called: string): Channel {
  const post = (text: Post) => {
    try {
      // With the time, or two equal posts would be no change.
      localStorage.setItem(called, JSON.stringify({ ...text, at: performance.now() }));
      localStorage.removeItem(called);
    } catch {
      return; // storage is forbidden: no other page is reached
    }
  };
  const channel: Channel = { post, hear: () => {} };
  addEventListener("storage", ({ key, newValue }) => {
    if (key === called && newValue) channel.hear(JSON.parse(newValue) as Post);
  });
  return channel;
}
