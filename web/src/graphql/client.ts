import { Client, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { createCache } from "./cache";
import { problemOf } from "./errors";
import { latestMessagesExchange } from "./latestMessages";
import { createSocket, socketUrl } from "./socket";
import { visibleExchange } from "./visibleQueries";

/**
 * Creates the API client for one signed-in user. Create a new one after each sign-in, so that no data is carried over.
 */
export function createClient(onSignedOut: () => void): { client: Client; close: () => void } {
  const socket = createSocket(socketUrl(), onSignedOut);
  const client = new Client({
    url: "/graphql",
    preferGetMethod: false,
    fetchOptions: { credentials: "same-origin" },
    requestPolicy: "cache-and-network",
    exchanges: [
      mapExchange({
        onError(error) {
          if (error.response?.status === 401 || problemOf(error)?.code === "UNAUTHENTICATED") onSignedOut();
        },
      }),
      visibleExchange,
      createCache(),
      latestMessagesExchange(),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: socket.forward }),
    ],
  });
  return { client, close: socket.close };
}
