import { graphql } from "./generated";

/*
 * What live batches and mutations bring along for every kind of row. A row on any screen is kept current by these,
 * so a field shown in a list belongs here; what only a detail shows is fetched by its own query.
 */
export const InteractionFields = graphql(`
  fragment InteractionFields on Interaction {
    id
    conversationId
    number
    channel
    status
    waiting
    waitingSince
    startedAt
    acceptedAt
    closedAt
    lastMessageAt
    lastMessageDirection
    lastMessageStatus
    preview
    unread
    read
    unmanaged
    tags
    tagsCollapsed
    windowExpiresAt
    disposition
    dispositionDue
    actions
    draft
    account {
      id
      key
      name
    }
    queue {
      id
      name
    }
    customer {
      name
      phone
      username
      displayName
      masked
    }
    contact {
      id
      displayName
    }
    owner {
      id
      name
    }
    firstOwner {
      id
      name
    }
    closedBy {
      id
      name
    }
    transfer {
      id
      state
      expiresAt
      requestedAt
      note
      mine
      from {
        id
        name
      }
      toAgent {
        id
        name
      }
      toQueue {
        id
        name
      }
    }
  }
`);

export const OfferFields = graphql(`
  fragment OfferFields on Offer {
    id
    state
    offeredAt
    expiresAt
    waitingSince
    firstMessage
    queue {
      id
      name
    }
    takenBy {
      id
      name
    }
    interaction {
      ...InteractionFields
    }
  }
`);

export const TransferFields = graphql(`
  fragment TransferFields on Transfer {
    id
    state
    note
    requestedAt
    expiresAt
    mine
    from {
      id
      name
    }
    toAgent {
      id
      name
    }
    toQueue {
      id
      name
    }
    acceptedBy {
      id
      name
    }
    endedAt
    reason
    interaction {
      ...InteractionFields
    }
  }
`);

export const MessageFields = graphql(`
  fragment MessageFields on Message {
    id
    interactionId
    position
    author
    kind
    text
    forwarded
    edited
    revoked
    erased
    status
    mark
    failure
    failureCode
    retriedBy
    sentAt
    recordedAt
    acceptedAt
    deliveredAt
    readAt
    delayed
    by {
      id
      name
      alias
    }
    media {
      state
      mimeType
      fileName
      size
      url
      animated
    }
    location {
      latitude
      longitude
      name
      address
    }
    cards {
      name
      phones
      mails
    }
    details {
      label
      value
    }
    order {
      items {
        productId
        quantity
        price
        currency
      }
      total
      currency
    }
    referral {
      type
      headline
      body
      url
    }
    product {
      catalogId
      productId
    }
    quoted {
      id
      author
      kind
      text
    }
    reactions {
      emoji
      author
    }
  }
`);

export const QueueFields = graphql(`
  fragment QueueFields on Queue {
    id
    name
    waiting
    waitingSince
    inHands
    available
  }
`);

export const LiveDocument = graphql(`
  subscription Live($after: String) {
    live(after: $after) {
      position
      resync
      removed
      settings
      interactions {
        ...InteractionFields
      }
      offers {
        ...OfferFields
      }
      transfers {
        ...TransferFields
      }
      queues {
        ...QueueFields
      }
      users {
        id
        name
        presence {
          state
          reason
          since
        }
      }
      contacts {
        id
        displayName
        firstName
        lastName
        phones
        mails
        tags
      }
      presence {
        state
        reason
        since
        interactionId
      }
    }
  }
`);

export const ConversationLiveDocument = graphql(`
  subscription ConversationLive($id: ID!, $after: String) {
    conversation(interactionId: $id, after: $after) {
      position
      resync
      interaction {
        ...InteractionFields
      }
      messages {
        ...MessageFields
      }
      watchers {
        typing
        user {
          id
          name
        }
      }
    }
  }
`);

/** What the frame needs at once: who I am, my sessions, my offers and transfers. */
export const DeskDocument = graphql(`
  query Desk {
    me {
      role
      permissions
      masked
      user {
        id
        name
        alias
      }
      presence {
        state
        reason
        since
        interactionId
      }
    }
    policy {
      pauseReasons
      tagThreshold
      tabsLimit
    }
  }
`);

export const SessionsDocument = graphql(`
  query Sessions {
    sessions {
      ...InteractionFields
    }
    offers {
      ...OfferFields
    }
    transfers {
      ...TransferFields
    }
  }
`);

export const MessagesDocument = graphql(`
  query Messages($id: ID!, $last: Int!, $before: String) {
    interaction(id: $id) {
      ...InteractionFields
      account {
        id
        attachments
        maxAttachmentBytes
      }
      lastTransfer {
        id
        state
        reason
        endedAt
        from {
          id
          name
        }
        toAgent {
          id
          name
        }
        toQueue {
          id
          name
        }
      }
      messages(last: $last, before: $before) {
        edges {
          cursor
          node {
            ...MessageFields
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
`);

/** A page further up asks for nothing but its messages, so that it is not read again whenever the interaction changes. */
export const OlderMessagesDocument = graphql(`
  query OlderMessages($id: ID!, $last: Int!, $before: String) {
    interaction(id: $id) {
      id
      messages(last: $last, before: $before) {
        edges {
          cursor
          node {
            ...MessageFields
          }
        }
        pageInfo {
          hasPreviousPage
          startCursor
        }
      }
    }
  }
`);
