import { Client, fetchExchange, subscriptionExchange } from "urql";
import { createCache } from "./cache";
import { createSocket, socketUrl } from "./socket";
import { visibleExchange } from "./visible";

/** One connection to the server for one signed-in person. Make a new one after each sign-in, so nothing is carried over. */
export function createClient(): { client: Client; close: () => void } {
  const socket = createSocket(socketUrl());
  const client = new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: { credentials: "same-origin" },
    requestPolicy: "cache-and-network",
    exchanges: [
      visibleExchange,
      createCache(),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: socket.forward }),
    ],
  });
  return { client, close: socket.close };
}
