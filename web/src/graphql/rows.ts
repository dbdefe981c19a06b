import { graphql } from "./generated";

/* The fields that live batches and mutations return for each type. They keep rows current on every screen, so fields
   shown in lists belong here. Fields shown only in a detail are fetched by that screen's own query. */
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
    preview {
      kind
      text
      fileName
      itemCount
      callOutcome
      erased
    }
    unread
    read
    unmanaged
    tags
    tagsCollapsed
    windowExpiresAt
    disposition
    dispositionDue
    actions
    replyDraft
    account {
      id
      shortCode
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
    joinedInto {
      reason
      at
      interaction {
        id
      }
      keeper {
        id
        name
      }
    }
    joined
    transfer {
      id
      status
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
    firstMessage {
      kind
      text
      fileName
      itemCount
      callOutcome
      erased
    }
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
    status
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
    description
    call {
      outcome
      seconds
    }
    callPermission {
      granted
      permanent
      until
    }
    failure {
      reason
      code
      detail
    }
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
      company
      phones
      emails
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
    quotesUnknown
    reactions {
      emoji
      author
    }
  }
`);

export const DraftFields = graphql(`
  fragment DraftFields on Draft {
    part
    text
    sendId
    quoted {
      ...MessageFields
    }
  }
`);

export const QueueFields = graphql(`
  fragment QueueFields on Queue {
    id
    name
    waiting
    waitingSince
    inProgress
    available
  }
`);

export const LiveDocument = graphql(`
  subscription Live($after: String) {
    live(after: $after) {
      position
      resync
      behind
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
        emails
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

/** What the frame needs at start: the user, their sessions, offers and transfers. */
export const AppStartDocument = graphql(`
  query AppStart {
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
      missedOffersLimit
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
      drafts {
        ...DraftFields
      }
      transfers {
        id
        status
        note
        reason
        requestedAt
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
        acceptedBy {
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

/** Older pages fetch only messages, so that a change of the interaction does not reload them. */
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
