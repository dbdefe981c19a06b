/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query PalettePeople($q: String!) {\n    interactions(first: 8, filter: { search: $q }) {\n      edges {\n        node {\n          id\n          status\n          customer {\n            displayName\n          }\n          account {\n            id\n            key\n          }\n        }\n      }\n    }\n  }\n": typeof types.PalettePeopleDocument,
    "\n  mutation SignIn($input: PresenceInput!) {\n    signIn(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  mutation Pause($input: PauseInput!) {\n    pause(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": typeof types.PauseDocument,
    "\n  mutation Resume($input: PresenceInput!) {\n    resume(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": typeof types.ResumeDocument,
    "\n  mutation SignOut($input: PresenceInput!) {\n    signOut(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": typeof types.SignOutDocument,
    "\n  query Closing($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        mandatoryDispose\n      }\n      messages(last: 50) {\n        edges {\n          cursor\n          node {\n            id\n            author\n            position\n          }\n        }\n      }\n    }\n    dispositionsFor(interactionId: $id) {\n      id\n      label\n      parentId\n      level\n      scope\n    }\n  }\n": typeof types.ClosingDocument,
    "\n  mutation Close($input: CloseInteractionInput!) {\n    closeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.CloseDocument,
    "\n  mutation Dispose($input: DisposeInteractionInput!) {\n    disposeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.DisposeDocument,
    "\n  mutation AddContactToList($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.AddContactToListDocument,
    "\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        changedAt\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n": typeof types.UpdateContactDocument,
    "\n  query ContactDetail($id: ID!) {\n    contact(id: $id) {\n      id\n      displayName\n      firstName\n      lastName\n      phones\n      mails\n      tags\n      masked\n      canEdit\n      createdAt\n      changedAt\n      list {\n        id\n        name\n      }\n      fields {\n        key\n        label\n        value\n      }\n    }\n  }\n": typeof types.ContactDetailDocument,
    "\n  query ContactSessions($id: ID!) {\n    contact(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.ContactSessionsDocument,
    "\n  query ContactList($after: String, $filter: ContactFilter) {\n    contacts(first: 50, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          id\n          displayName\n          phones\n          mails\n          tags\n          masked\n          list {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n    lists {\n      id\n      name\n    }\n  }\n": typeof types.ContactListDocument,
    "\n  mutation RetryMessage($input: RetryMessageInput!) {\n    retryMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": typeof types.RetryMessageDocument,
    "\n  mutation React($input: ReactInput!) {\n    react(input: $input) {\n      message {\n        ...MessageFields\n      }\n    }\n  }\n": typeof types.ReactDocument,
    "\n  query Canned($accountId: ID) {\n    cannedAnswers(accountId: $accountId) {\n      id\n      shortcut\n      title\n      text\n    }\n  }\n": typeof types.CannedDocument,
    "\n  mutation AddNote($input: NoteInput!) {\n    addNote(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": typeof types.AddNoteDocument,
    "\n  mutation AddWhisper($input: NoteInput!) {\n    addWhisper(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": typeof types.AddWhisperDocument,
    "\n  mutation Take($input: InteractionInput!) {\n    takeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.TakeDocument,
    "\n  mutation Release($input: InteractionInput!) {\n    releaseInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.ReleaseDocument,
    "\n  mutation MarkUnread($input: InteractionInput!) {\n    markUnread(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.MarkUnreadDocument,
    "\n  mutation CancelTransfer($input: TransferInput!) {\n    cancelTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.CancelTransferDocument,
    "\n  mutation MarkSeen($input: MarkSeenInput!) {\n    markSeen(input: $input) {\n      interaction {\n        id\n        unread\n        read\n        unmanaged\n      }\n    }\n  }\n": typeof types.MarkSeenDocument,
    "\n  mutation Spy($input: InteractionInput!) {\n    spy(input: $input) {\n      interaction {\n        id\n      }\n    }\n  }\n": typeof types.SpyDocument,
    "\n  mutation SaveDraft($input: DraftInput!) {\n    saveDraft(input: $input) {\n      interaction {\n        id\n        draft\n      }\n    }\n  }\n": typeof types.SaveDraftDocument,
    "\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": typeof types.SendMessageDocument,
    "\n  mutation SignalPresence($input: SignalPresenceInput!) {\n    signalPresence(input: $input)\n  }\n": typeof types.SignalPresenceDocument,
    "\n  query Dashboard {\n    dashboard {\n      queues {\n        ...QueueFields\n      }\n    }\n  }\n": typeof types.DashboardDocument,
    "\n  query FilterChoices {\n    accounts {\n      id\n      name\n      key\n    }\n    queues {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n    tags {\n      id\n      name\n    }\n  }\n": typeof types.FilterChoicesDocument,
    "\n  query InteractionList($first: Int!, $after: String, $filter: InteractionFilter, $orderBy: InteractionOrder) {\n    interactions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...InteractionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n  }\n": typeof types.InteractionListDocument,
    "\n  mutation AcceptOffer($input: OfferInput!) {\n    acceptOffer(input: $input) {\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n": typeof types.AcceptOfferDocument,
    "\n  mutation RejectOffer($input: OfferInput!) {\n    rejectOffer(input: $input) {\n      offerId\n    }\n  }\n": typeof types.RejectOfferDocument,
    "\n  mutation AcceptTransfer($input: TransferInput!) {\n    acceptTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n": typeof types.AcceptTransferDocument,
    "\n  mutation RejectTransfer($input: TransferInput!) {\n    rejectTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n    }\n  }\n": typeof types.RejectTransferDocument,
    "\n  query GrantedLists {\n    lists {\n      id\n      name\n    }\n  }\n": typeof types.GrantedListsDocument,
    "\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n": typeof types.CreateContactDocument,
    "\n  mutation LinkContact($input: LinkContactInput!) {\n    linkContact(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n        contact {\n          id\n          displayName\n          firstName\n          lastName\n          phones\n          mails\n          tags\n          masked\n          canEdit\n          list {\n            id\n            name\n          }\n          fields {\n            key\n            label\n            value\n          }\n        }\n      }\n    }\n  }\n": typeof types.LinkContactDocument,
    "\n  query PanelContact($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        name\n        phone\n        username\n        displayName\n        masked\n      }\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        masked\n        canEdit\n        list {\n          id\n          name\n        }\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n": typeof types.PanelContactDocument,
    "\n  query PanelInteraction($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n  }\n": typeof types.PanelInteractionDocument,
    "\n  query PanelJourney($id: ID!) {\n    interaction(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": typeof types.PanelJourneyDocument,
    "\n  query PanelStory($id: ID!) {\n    interaction(id: $id) {\n      id\n      timeline {\n        id\n        at\n        code\n        reason\n        seconds\n        by {\n          id\n          name\n        }\n        agents {\n          id\n          name\n        }\n        queue {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.PanelStoryDocument,
    "\n  query KnownTags {\n    tags {\n      id\n      name\n      color\n    }\n  }\n": typeof types.KnownTagsDocument,
    "\n  mutation AddTag($input: TagInput!) {\n    addTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n": typeof types.AddTagDocument,
    "\n  mutation RemoveTag($input: TagInput!) {\n    removeTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n": typeof types.RemoveTagDocument,
    "\n  query Realtime {\n    realtime {\n      queues {\n        ...QueueFields\n      }\n      agents {\n        open\n        capacity\n        presence {\n          state\n          reason\n          since\n        }\n        user {\n          id\n          name\n          presence {\n            state\n            reason\n            since\n          }\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.RealtimeDocument,
    "\n  query SettingsAccounts {\n    accounts {\n      id\n      name\n      key\n      channel\n      provider\n      displayNumber\n      disabled\n      attachments\n      maxAttachmentBytes\n      transferToAgent\n      transferToQueue\n      transferTimeout\n      mandatoryDispose\n      archived\n      settings {\n        phoneNumberId\n        businessId\n        baseUrl\n        apiVersion\n        webhookPath\n        createContacts\n        markAsRead\n        windowHours\n        ratePerSecond\n        queue {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n        list {\n          id\n          name\n        }\n        secrets {\n          name\n          last4\n          replacedAt\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n": typeof types.SettingsAccountsDocument,
    "\n  mutation SaveAccount($input: SaveAccountInput!) {\n    saveAccount(input: $input) {\n      account {\n        id\n      }\n    }\n  }\n": typeof types.SaveAccountDocument,
    "\n  query SettingsCanned {\n    cannedAnswers {\n      id\n      shortcut\n      title\n      text\n      accountId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n  }\n": typeof types.SettingsCannedDocument,
    "\n  mutation SaveCannedAnswer($input: SaveCannedAnswerInput!) {\n    saveCannedAnswer(input: $input) {\n      cannedAnswer {\n        id\n      }\n    }\n  }\n": typeof types.SaveCannedAnswerDocument,
    "\n  query SettingsDispositions {\n    dispositions {\n      id\n      label\n      parentId\n      level\n      scope\n      scopeId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n": typeof types.SettingsDispositionsDocument,
    "\n  mutation SaveDisposition($input: SaveDispositionInput!) {\n    saveDisposition(input: $input) {\n      disposition {\n        id\n      }\n    }\n  }\n": typeof types.SaveDispositionDocument,
    "\n  query SettingsLists {\n    lists {\n      id\n      name\n      description\n      archived\n      fields {\n        key\n        label\n        type\n        required\n        options\n      }\n    }\n  }\n": typeof types.SettingsListsDocument,
    "\n  mutation SaveList($input: SaveListInput!) {\n    saveList(input: $input) {\n      list {\n        id\n      }\n    }\n  }\n": typeof types.SaveListDocument,
    "\n  query SettingsPolicy {\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n      disconnectAfter\n      missedOffersLimit\n      maskName {\n        mode\n        keep\n      }\n      maskPhone {\n        mode\n        keep\n      }\n      maskMail {\n        mode\n        keep\n      }\n    }\n  }\n": typeof types.SettingsPolicyDocument,
    "\n  mutation SavePolicy($input: SavePolicyInput!) {\n    savePolicy(input: $input) {\n      policy {\n        pauseReasons\n        tagThreshold\n        tabsLimit\n        disconnectAfter\n        missedOffersLimit\n        maskName {\n          mode\n          keep\n        }\n        maskPhone {\n          mode\n          keep\n        }\n        maskMail {\n          mode\n          keep\n        }\n      }\n    }\n  }\n": typeof types.SavePolicyDocument,
    "\n  query SettingsQueues {\n    queues {\n      id\n      name\n      description\n      strategy\n      offerTimeout\n      weight\n      take\n      sticky\n      silentOwner\n      archived\n      members {\n        id\n        name\n      }\n    }\n    users {\n      id\n      name\n      role\n    }\n  }\n": typeof types.SettingsQueuesDocument,
    "\n  mutation SaveQueue($input: SaveQueueInput!) {\n    saveQueue(input: $input) {\n      queue {\n        id\n      }\n    }\n  }\n": typeof types.SaveQueueDocument,
    "\n  mutation Archive($input: ArchiveInput!) {\n    archive(input: $input) {\n      id\n    }\n  }\n": typeof types.ArchiveDocument,
    "\n  query SettingsTags {\n    tags {\n      id\n      name\n      color\n      archived\n    }\n  }\n": typeof types.SettingsTagsDocument,
    "\n  mutation SaveTag($input: SaveTagInput!) {\n    saveTag(input: $input) {\n      tag {\n        id\n      }\n    }\n  }\n": typeof types.SaveTagDocument,
    "\n  query SettingsUsers {\n    users {\n      id\n      name\n      alias\n      role\n      disabled\n      settings {\n        login\n        mail\n        permissions\n        masked\n        capacity\n        lists {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n": typeof types.SettingsUsersDocument,
    "\n  mutation SaveUser($input: SaveUserInput!) {\n    saveUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.SaveUserDocument,
    "\n  mutation GrantLists($input: GrantListsInput!) {\n    grantLists(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": typeof types.GrantListsDocument,
    "\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      token\n    }\n  }\n": typeof types.CreateTokenDocument,
    "\n  query Assignable($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        displayName\n      }\n    }\n    users {\n      id\n      name\n      role\n      disabled\n      presence {\n        state\n        reason\n        since\n      }\n    }\n  }\n": typeof types.AssignableDocument,
    "\n  mutation Assign($input: AssignInteractionInput!) {\n    assignInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.AssignDocument,
    "\n  query TransferTargets($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n    transferTargets(interactionId: $id) {\n      agents {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      queues {\n        id\n        name\n        available\n      }\n    }\n  }\n": typeof types.TransferTargetsDocument,
    "\n  mutation RequestTransfer($input: RequestTransferInput!) {\n    requestTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": typeof types.RequestTransferDocument,
    "\n        fragment _ on MessageEdge {\n          cursor\n          node {\n            id\n          }\n        }\n      ": typeof types._FragmentDoc,
    "\n  query MyPresence {\n    me {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": typeof types.MyPresenceDocument,
    "\n  fragment InteractionFields on Interaction {\n    id\n    number\n    channel\n    status\n    waiting\n    waitingSince\n    startedAt\n    acceptedAt\n    closedAt\n    lastMessageAt\n    lastMessageDirection\n    lastMessageStatus\n    preview\n    unread\n    read\n    unmanaged\n    tags\n    tagsCollapsed\n    windowExpiresAt\n    disposition\n    dispositionDue\n    actions\n    draft\n    account {\n      id\n      key\n      name\n    }\n    queue {\n      id\n      name\n    }\n    customer {\n      name\n      phone\n      username\n      displayName\n      masked\n    }\n    contact {\n      id\n      displayName\n    }\n    owner {\n      id\n      name\n    }\n    firstOwner {\n      id\n      name\n    }\n    closedBy {\n      id\n      name\n    }\n    transfer {\n      id\n      state\n      expiresAt\n      requestedAt\n      note\n      mine\n      from {\n        id\n        name\n      }\n      toAgent {\n        id\n        name\n      }\n      toQueue {\n        id\n        name\n      }\n    }\n  }\n": typeof types.InteractionFieldsFragmentDoc,
    "\n  fragment OfferFields on Offer {\n    id\n    state\n    offeredAt\n    expiresAt\n    waitingSince\n    firstMessage\n    queue {\n      id\n      name\n    }\n    takenBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n": typeof types.OfferFieldsFragmentDoc,
    "\n  fragment TransferFields on Transfer {\n    id\n    state\n    note\n    requestedAt\n    expiresAt\n    mine\n    from {\n      id\n      name\n    }\n    toAgent {\n      id\n      name\n    }\n    toQueue {\n      id\n      name\n    }\n    acceptedBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n": typeof types.TransferFieldsFragmentDoc,
    "\n  fragment MessageFields on Message {\n    id\n    interactionId\n    position\n    author\n    kind\n    text\n    forwarded\n    edited\n    revoked\n    erased\n    status\n    mark\n    failure\n    failureCode\n    retriedBy\n    sentAt\n    recordedAt\n    acceptedAt\n    deliveredAt\n    readAt\n    delayed\n    by {\n      id\n      name\n      alias\n    }\n    media {\n      state\n      mimeType\n      fileName\n      size\n      url\n      animated\n    }\n    location {\n      latitude\n      longitude\n      name\n      address\n    }\n    cards {\n      name\n      phones\n      mails\n    }\n    quoted {\n      id\n      author\n      kind\n      text\n    }\n    reactions {\n      emoji\n      author\n    }\n  }\n": typeof types.MessageFieldsFragmentDoc,
    "\n  fragment QueueFields on Queue {\n    id\n    name\n    waiting\n    waitingSince\n    inHands\n    available\n  }\n": typeof types.QueueFieldsFragmentDoc,
    "\n  subscription Live($after: String) {\n    live(after: $after) {\n      position\n      resync\n      removed\n      settings\n      interactions {\n        ...InteractionFields\n      }\n      offers {\n        ...OfferFields\n      }\n      transfers {\n        ...TransferFields\n      }\n      queues {\n        ...QueueFields\n      }\n      users {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      contacts {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": typeof types.LiveDocument,
    "\n  subscription ConversationLive($id: ID!, $after: String) {\n    conversation(interactionId: $id, after: $after) {\n      position\n      resync\n      interaction {\n        ...InteractionFields\n      }\n      messages {\n        ...MessageFields\n      }\n      watchers {\n        typing\n        user {\n          id\n          name\n        }\n      }\n    }\n  }\n": typeof types.ConversationLiveDocument,
    "\n  query Desk {\n    me {\n      role\n      permissions\n      masked\n      user {\n        id\n        name\n        alias\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n    }\n  }\n": typeof types.DeskDocument,
    "\n  query Sessions {\n    sessions {\n      ...InteractionFields\n    }\n    offers {\n      ...OfferFields\n    }\n    transfers {\n      ...TransferFields\n    }\n  }\n": typeof types.SessionsDocument,
    "\n  query Messages($id: ID!, $last: Int!, $before: String) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        attachments\n        maxAttachmentBytes\n      }\n      messages(last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": typeof types.MessagesDocument,
};
const documents: Documents = {
    "\n  query PalettePeople($q: String!) {\n    interactions(first: 8, filter: { search: $q }) {\n      edges {\n        node {\n          id\n          status\n          customer {\n            displayName\n          }\n          account {\n            id\n            key\n          }\n        }\n      }\n    }\n  }\n": types.PalettePeopleDocument,
    "\n  mutation SignIn($input: PresenceInput!) {\n    signIn(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  mutation Pause($input: PauseInput!) {\n    pause(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": types.PauseDocument,
    "\n  mutation Resume($input: PresenceInput!) {\n    resume(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": types.ResumeDocument,
    "\n  mutation SignOut($input: PresenceInput!) {\n    signOut(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": types.SignOutDocument,
    "\n  query Closing($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        mandatoryDispose\n      }\n      messages(last: 50) {\n        edges {\n          cursor\n          node {\n            id\n            author\n            position\n          }\n        }\n      }\n    }\n    dispositionsFor(interactionId: $id) {\n      id\n      label\n      parentId\n      level\n      scope\n    }\n  }\n": types.ClosingDocument,
    "\n  mutation Close($input: CloseInteractionInput!) {\n    closeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.CloseDocument,
    "\n  mutation Dispose($input: DisposeInteractionInput!) {\n    disposeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.DisposeDocument,
    "\n  mutation AddContactToList($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n": types.AddContactToListDocument,
    "\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        changedAt\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n": types.UpdateContactDocument,
    "\n  query ContactDetail($id: ID!) {\n    contact(id: $id) {\n      id\n      displayName\n      firstName\n      lastName\n      phones\n      mails\n      tags\n      masked\n      canEdit\n      createdAt\n      changedAt\n      list {\n        id\n        name\n      }\n      fields {\n        key\n        label\n        value\n      }\n    }\n  }\n": types.ContactDetailDocument,
    "\n  query ContactSessions($id: ID!) {\n    contact(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.ContactSessionsDocument,
    "\n  query ContactList($after: String, $filter: ContactFilter) {\n    contacts(first: 50, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          id\n          displayName\n          phones\n          mails\n          tags\n          masked\n          list {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n    lists {\n      id\n      name\n    }\n  }\n": types.ContactListDocument,
    "\n  mutation RetryMessage($input: RetryMessageInput!) {\n    retryMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": types.RetryMessageDocument,
    "\n  mutation React($input: ReactInput!) {\n    react(input: $input) {\n      message {\n        ...MessageFields\n      }\n    }\n  }\n": types.ReactDocument,
    "\n  query Canned($accountId: ID) {\n    cannedAnswers(accountId: $accountId) {\n      id\n      shortcut\n      title\n      text\n    }\n  }\n": types.CannedDocument,
    "\n  mutation AddNote($input: NoteInput!) {\n    addNote(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": types.AddNoteDocument,
    "\n  mutation AddWhisper($input: NoteInput!) {\n    addWhisper(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": types.AddWhisperDocument,
    "\n  mutation Take($input: InteractionInput!) {\n    takeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.TakeDocument,
    "\n  mutation Release($input: InteractionInput!) {\n    releaseInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.ReleaseDocument,
    "\n  mutation MarkUnread($input: InteractionInput!) {\n    markUnread(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.MarkUnreadDocument,
    "\n  mutation CancelTransfer($input: TransferInput!) {\n    cancelTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.CancelTransferDocument,
    "\n  mutation MarkSeen($input: MarkSeenInput!) {\n    markSeen(input: $input) {\n      interaction {\n        id\n        unread\n        read\n        unmanaged\n      }\n    }\n  }\n": types.MarkSeenDocument,
    "\n  mutation Spy($input: InteractionInput!) {\n    spy(input: $input) {\n      interaction {\n        id\n      }\n    }\n  }\n": types.SpyDocument,
    "\n  mutation SaveDraft($input: DraftInput!) {\n    saveDraft(input: $input) {\n      interaction {\n        id\n        draft\n      }\n    }\n  }\n": types.SaveDraftDocument,
    "\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n": types.SendMessageDocument,
    "\n  mutation SignalPresence($input: SignalPresenceInput!) {\n    signalPresence(input: $input)\n  }\n": types.SignalPresenceDocument,
    "\n  query Dashboard {\n    dashboard {\n      queues {\n        ...QueueFields\n      }\n    }\n  }\n": types.DashboardDocument,
    "\n  query FilterChoices {\n    accounts {\n      id\n      name\n      key\n    }\n    queues {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n    tags {\n      id\n      name\n    }\n  }\n": types.FilterChoicesDocument,
    "\n  query InteractionList($first: Int!, $after: String, $filter: InteractionFilter, $orderBy: InteractionOrder) {\n    interactions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...InteractionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n  }\n": types.InteractionListDocument,
    "\n  mutation AcceptOffer($input: OfferInput!) {\n    acceptOffer(input: $input) {\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n": types.AcceptOfferDocument,
    "\n  mutation RejectOffer($input: OfferInput!) {\n    rejectOffer(input: $input) {\n      offerId\n    }\n  }\n": types.RejectOfferDocument,
    "\n  mutation AcceptTransfer($input: TransferInput!) {\n    acceptTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n": types.AcceptTransferDocument,
    "\n  mutation RejectTransfer($input: TransferInput!) {\n    rejectTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n    }\n  }\n": types.RejectTransferDocument,
    "\n  query GrantedLists {\n    lists {\n      id\n      name\n    }\n  }\n": types.GrantedListsDocument,
    "\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n": types.CreateContactDocument,
    "\n  mutation LinkContact($input: LinkContactInput!) {\n    linkContact(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n        contact {\n          id\n          displayName\n          firstName\n          lastName\n          phones\n          mails\n          tags\n          masked\n          canEdit\n          list {\n            id\n            name\n          }\n          fields {\n            key\n            label\n            value\n          }\n        }\n      }\n    }\n  }\n": types.LinkContactDocument,
    "\n  query PanelContact($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        name\n        phone\n        username\n        displayName\n        masked\n      }\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        masked\n        canEdit\n        list {\n          id\n          name\n        }\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n": types.PanelContactDocument,
    "\n  query PanelInteraction($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n  }\n": types.PanelInteractionDocument,
    "\n  query PanelJourney($id: ID!) {\n    interaction(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n": types.PanelJourneyDocument,
    "\n  query PanelStory($id: ID!) {\n    interaction(id: $id) {\n      id\n      timeline {\n        id\n        at\n        code\n        reason\n        seconds\n        by {\n          id\n          name\n        }\n        agents {\n          id\n          name\n        }\n        queue {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.PanelStoryDocument,
    "\n  query KnownTags {\n    tags {\n      id\n      name\n      color\n    }\n  }\n": types.KnownTagsDocument,
    "\n  mutation AddTag($input: TagInput!) {\n    addTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n": types.AddTagDocument,
    "\n  mutation RemoveTag($input: TagInput!) {\n    removeTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n": types.RemoveTagDocument,
    "\n  query Realtime {\n    realtime {\n      queues {\n        ...QueueFields\n      }\n      agents {\n        open\n        capacity\n        presence {\n          state\n          reason\n          since\n        }\n        user {\n          id\n          name\n          presence {\n            state\n            reason\n            since\n          }\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.RealtimeDocument,
    "\n  query SettingsAccounts {\n    accounts {\n      id\n      name\n      key\n      channel\n      provider\n      displayNumber\n      disabled\n      attachments\n      maxAttachmentBytes\n      transferToAgent\n      transferToQueue\n      transferTimeout\n      mandatoryDispose\n      archived\n      settings {\n        phoneNumberId\n        businessId\n        baseUrl\n        apiVersion\n        webhookPath\n        createContacts\n        markAsRead\n        windowHours\n        ratePerSecond\n        queue {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n        list {\n          id\n          name\n        }\n        secrets {\n          name\n          last4\n          replacedAt\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n": types.SettingsAccountsDocument,
    "\n  mutation SaveAccount($input: SaveAccountInput!) {\n    saveAccount(input: $input) {\n      account {\n        id\n      }\n    }\n  }\n": types.SaveAccountDocument,
    "\n  query SettingsCanned {\n    cannedAnswers {\n      id\n      shortcut\n      title\n      text\n      accountId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n  }\n": types.SettingsCannedDocument,
    "\n  mutation SaveCannedAnswer($input: SaveCannedAnswerInput!) {\n    saveCannedAnswer(input: $input) {\n      cannedAnswer {\n        id\n      }\n    }\n  }\n": types.SaveCannedAnswerDocument,
    "\n  query SettingsDispositions {\n    dispositions {\n      id\n      label\n      parentId\n      level\n      scope\n      scopeId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n": types.SettingsDispositionsDocument,
    "\n  mutation SaveDisposition($input: SaveDispositionInput!) {\n    saveDisposition(input: $input) {\n      disposition {\n        id\n      }\n    }\n  }\n": types.SaveDispositionDocument,
    "\n  query SettingsLists {\n    lists {\n      id\n      name\n      description\n      archived\n      fields {\n        key\n        label\n        type\n        required\n        options\n      }\n    }\n  }\n": types.SettingsListsDocument,
    "\n  mutation SaveList($input: SaveListInput!) {\n    saveList(input: $input) {\n      list {\n        id\n      }\n    }\n  }\n": types.SaveListDocument,
    "\n  query SettingsPolicy {\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n      disconnectAfter\n      missedOffersLimit\n      maskName {\n        mode\n        keep\n      }\n      maskPhone {\n        mode\n        keep\n      }\n      maskMail {\n        mode\n        keep\n      }\n    }\n  }\n": types.SettingsPolicyDocument,
    "\n  mutation SavePolicy($input: SavePolicyInput!) {\n    savePolicy(input: $input) {\n      policy {\n        pauseReasons\n        tagThreshold\n        tabsLimit\n        disconnectAfter\n        missedOffersLimit\n        maskName {\n          mode\n          keep\n        }\n        maskPhone {\n          mode\n          keep\n        }\n        maskMail {\n          mode\n          keep\n        }\n      }\n    }\n  }\n": types.SavePolicyDocument,
    "\n  query SettingsQueues {\n    queues {\n      id\n      name\n      description\n      strategy\n      offerTimeout\n      weight\n      take\n      sticky\n      silentOwner\n      archived\n      members {\n        id\n        name\n      }\n    }\n    users {\n      id\n      name\n      role\n    }\n  }\n": types.SettingsQueuesDocument,
    "\n  mutation SaveQueue($input: SaveQueueInput!) {\n    saveQueue(input: $input) {\n      queue {\n        id\n      }\n    }\n  }\n": types.SaveQueueDocument,
    "\n  mutation Archive($input: ArchiveInput!) {\n    archive(input: $input) {\n      id\n    }\n  }\n": types.ArchiveDocument,
    "\n  query SettingsTags {\n    tags {\n      id\n      name\n      color\n      archived\n    }\n  }\n": types.SettingsTagsDocument,
    "\n  mutation SaveTag($input: SaveTagInput!) {\n    saveTag(input: $input) {\n      tag {\n        id\n      }\n    }\n  }\n": types.SaveTagDocument,
    "\n  query SettingsUsers {\n    users {\n      id\n      name\n      alias\n      role\n      disabled\n      settings {\n        login\n        mail\n        permissions\n        masked\n        capacity\n        lists {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n": types.SettingsUsersDocument,
    "\n  mutation SaveUser($input: SaveUserInput!) {\n    saveUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": types.SaveUserDocument,
    "\n  mutation GrantLists($input: GrantListsInput!) {\n    grantLists(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n": types.GrantListsDocument,
    "\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      token\n    }\n  }\n": types.CreateTokenDocument,
    "\n  query Assignable($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        displayName\n      }\n    }\n    users {\n      id\n      name\n      role\n      disabled\n      presence {\n        state\n        reason\n        since\n      }\n    }\n  }\n": types.AssignableDocument,
    "\n  mutation Assign($input: AssignInteractionInput!) {\n    assignInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.AssignDocument,
    "\n  query TransferTargets($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n    transferTargets(interactionId: $id) {\n      agents {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      queues {\n        id\n        name\n        available\n      }\n    }\n  }\n": types.TransferTargetsDocument,
    "\n  mutation RequestTransfer($input: RequestTransferInput!) {\n    requestTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n": types.RequestTransferDocument,
    "\n        fragment _ on MessageEdge {\n          cursor\n          node {\n            id\n          }\n        }\n      ": types._FragmentDoc,
    "\n  query MyPresence {\n    me {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": types.MyPresenceDocument,
    "\n  fragment InteractionFields on Interaction {\n    id\n    number\n    channel\n    status\n    waiting\n    waitingSince\n    startedAt\n    acceptedAt\n    closedAt\n    lastMessageAt\n    lastMessageDirection\n    lastMessageStatus\n    preview\n    unread\n    read\n    unmanaged\n    tags\n    tagsCollapsed\n    windowExpiresAt\n    disposition\n    dispositionDue\n    actions\n    draft\n    account {\n      id\n      key\n      name\n    }\n    queue {\n      id\n      name\n    }\n    customer {\n      name\n      phone\n      username\n      displayName\n      masked\n    }\n    contact {\n      id\n      displayName\n    }\n    owner {\n      id\n      name\n    }\n    firstOwner {\n      id\n      name\n    }\n    closedBy {\n      id\n      name\n    }\n    transfer {\n      id\n      state\n      expiresAt\n      requestedAt\n      note\n      mine\n      from {\n        id\n        name\n      }\n      toAgent {\n        id\n        name\n      }\n      toQueue {\n        id\n        name\n      }\n    }\n  }\n": types.InteractionFieldsFragmentDoc,
    "\n  fragment OfferFields on Offer {\n    id\n    state\n    offeredAt\n    expiresAt\n    waitingSince\n    firstMessage\n    queue {\n      id\n      name\n    }\n    takenBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n": types.OfferFieldsFragmentDoc,
    "\n  fragment TransferFields on Transfer {\n    id\n    state\n    note\n    requestedAt\n    expiresAt\n    mine\n    from {\n      id\n      name\n    }\n    toAgent {\n      id\n      name\n    }\n    toQueue {\n      id\n      name\n    }\n    acceptedBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n": types.TransferFieldsFragmentDoc,
    "\n  fragment MessageFields on Message {\n    id\n    interactionId\n    position\n    author\n    kind\n    text\n    forwarded\n    edited\n    revoked\n    erased\n    status\n    mark\n    failure\n    failureCode\n    retriedBy\n    sentAt\n    recordedAt\n    acceptedAt\n    deliveredAt\n    readAt\n    delayed\n    by {\n      id\n      name\n      alias\n    }\n    media {\n      state\n      mimeType\n      fileName\n      size\n      url\n      animated\n    }\n    location {\n      latitude\n      longitude\n      name\n      address\n    }\n    cards {\n      name\n      phones\n      mails\n    }\n    quoted {\n      id\n      author\n      kind\n      text\n    }\n    reactions {\n      emoji\n      author\n    }\n  }\n": types.MessageFieldsFragmentDoc,
    "\n  fragment QueueFields on Queue {\n    id\n    name\n    waiting\n    waitingSince\n    inHands\n    available\n  }\n": types.QueueFieldsFragmentDoc,
    "\n  subscription Live($after: String) {\n    live(after: $after) {\n      position\n      resync\n      removed\n      settings\n      interactions {\n        ...InteractionFields\n      }\n      offers {\n        ...OfferFields\n      }\n      transfers {\n        ...TransferFields\n      }\n      queues {\n        ...QueueFields\n      }\n      users {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      contacts {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n": types.LiveDocument,
    "\n  subscription ConversationLive($id: ID!, $after: String) {\n    conversation(interactionId: $id, after: $after) {\n      position\n      resync\n      interaction {\n        ...InteractionFields\n      }\n      messages {\n        ...MessageFields\n      }\n      watchers {\n        typing\n        user {\n          id\n          name\n        }\n      }\n    }\n  }\n": types.ConversationLiveDocument,
    "\n  query Desk {\n    me {\n      role\n      permissions\n      masked\n      user {\n        id\n        name\n        alias\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n    }\n  }\n": types.DeskDocument,
    "\n  query Sessions {\n    sessions {\n      ...InteractionFields\n    }\n    offers {\n      ...OfferFields\n    }\n    transfers {\n      ...TransferFields\n    }\n  }\n": types.SessionsDocument,
    "\n  query Messages($id: ID!, $last: Int!, $before: String) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        attachments\n        maxAttachmentBytes\n      }\n      messages(last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": types.MessagesDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PalettePeople($q: String!) {\n    interactions(first: 8, filter: { search: $q }) {\n      edges {\n        node {\n          id\n          status\n          customer {\n            displayName\n          }\n          account {\n            id\n            key\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PalettePeople($q: String!) {\n    interactions(first: 8, filter: { search: $q }) {\n      edges {\n        node {\n          id\n          status\n          customer {\n            displayName\n          }\n          account {\n            id\n            key\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: PresenceInput!) {\n    signIn(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: PresenceInput!) {\n    signIn(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Pause($input: PauseInput!) {\n    pause(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Pause($input: PauseInput!) {\n    pause(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Resume($input: PresenceInput!) {\n    resume(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Resume($input: PresenceInput!) {\n    resume(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignOut($input: PresenceInput!) {\n    signOut(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignOut($input: PresenceInput!) {\n    signOut(input: $input) {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Closing($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        mandatoryDispose\n      }\n      messages(last: 50) {\n        edges {\n          cursor\n          node {\n            id\n            author\n            position\n          }\n        }\n      }\n    }\n    dispositionsFor(interactionId: $id) {\n      id\n      label\n      parentId\n      level\n      scope\n    }\n  }\n"): (typeof documents)["\n  query Closing($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        mandatoryDispose\n      }\n      messages(last: 50) {\n        edges {\n          cursor\n          node {\n            id\n            author\n            position\n          }\n        }\n      }\n    }\n    dispositionsFor(interactionId: $id) {\n      id\n      label\n      parentId\n      level\n      scope\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Close($input: CloseInteractionInput!) {\n    closeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Close($input: CloseInteractionInput!) {\n    closeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Dispose($input: DisposeInteractionInput!) {\n    disposeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Dispose($input: DisposeInteractionInput!) {\n    disposeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddContactToList($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddContactToList($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        changedAt\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UpdateContact($input: UpdateContactInput!) {\n    updateContact(input: $input) {\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        changedAt\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ContactDetail($id: ID!) {\n    contact(id: $id) {\n      id\n      displayName\n      firstName\n      lastName\n      phones\n      mails\n      tags\n      masked\n      canEdit\n      createdAt\n      changedAt\n      list {\n        id\n        name\n      }\n      fields {\n        key\n        label\n        value\n      }\n    }\n  }\n"): (typeof documents)["\n  query ContactDetail($id: ID!) {\n    contact(id: $id) {\n      id\n      displayName\n      firstName\n      lastName\n      phones\n      mails\n      tags\n      masked\n      canEdit\n      createdAt\n      changedAt\n      list {\n        id\n        name\n      }\n      fields {\n        key\n        label\n        value\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ContactSessions($id: ID!) {\n    contact(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ContactSessions($id: ID!) {\n    contact(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ContactList($after: String, $filter: ContactFilter) {\n    contacts(first: 50, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          id\n          displayName\n          phones\n          mails\n          tags\n          masked\n          list {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n    lists {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query ContactList($after: String, $filter: ContactFilter) {\n    contacts(first: 50, after: $after, filter: $filter) {\n      edges {\n        cursor\n        node {\n          id\n          displayName\n          phones\n          mails\n          tags\n          masked\n          list {\n            id\n            name\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n    lists {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryMessage($input: RetryMessageInput!) {\n    retryMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RetryMessage($input: RetryMessageInput!) {\n    retryMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation React($input: ReactInput!) {\n    react(input: $input) {\n      message {\n        ...MessageFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation React($input: ReactInput!) {\n    react(input: $input) {\n      message {\n        ...MessageFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Canned($accountId: ID) {\n    cannedAnswers(accountId: $accountId) {\n      id\n      shortcut\n      title\n      text\n    }\n  }\n"): (typeof documents)["\n  query Canned($accountId: ID) {\n    cannedAnswers(accountId: $accountId) {\n      id\n      shortcut\n      title\n      text\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddNote($input: NoteInput!) {\n    addNote(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddNote($input: NoteInput!) {\n    addNote(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddWhisper($input: NoteInput!) {\n    addWhisper(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddWhisper($input: NoteInput!) {\n    addWhisper(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Take($input: InteractionInput!) {\n    takeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Take($input: InteractionInput!) {\n    takeInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Release($input: InteractionInput!) {\n    releaseInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Release($input: InteractionInput!) {\n    releaseInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkUnread($input: InteractionInput!) {\n    markUnread(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MarkUnread($input: InteractionInput!) {\n    markUnread(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelTransfer($input: TransferInput!) {\n    cancelTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CancelTransfer($input: TransferInput!) {\n    cancelTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation MarkSeen($input: MarkSeenInput!) {\n    markSeen(input: $input) {\n      interaction {\n        id\n        unread\n        read\n        unmanaged\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation MarkSeen($input: MarkSeenInput!) {\n    markSeen(input: $input) {\n      interaction {\n        id\n        unread\n        read\n        unmanaged\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Spy($input: InteractionInput!) {\n    spy(input: $input) {\n      interaction {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Spy($input: InteractionInput!) {\n    spy(input: $input) {\n      interaction {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveDraft($input: DraftInput!) {\n    saveDraft(input: $input) {\n      interaction {\n        id\n        draft\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveDraft($input: DraftInput!) {\n    saveDraft(input: $input) {\n      interaction {\n        id\n        draft\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SendMessage($input: SendMessageInput!) {\n    sendMessage(input: $input) {\n      message {\n        ...MessageFields\n        id\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignalPresence($input: SignalPresenceInput!) {\n    signalPresence(input: $input)\n  }\n"): (typeof documents)["\n  mutation SignalPresence($input: SignalPresenceInput!) {\n    signalPresence(input: $input)\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Dashboard {\n    dashboard {\n      queues {\n        ...QueueFields\n      }\n    }\n  }\n"): (typeof documents)["\n  query Dashboard {\n    dashboard {\n      queues {\n        ...QueueFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FilterChoices {\n    accounts {\n      id\n      name\n      key\n    }\n    queues {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n    tags {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query FilterChoices {\n    accounts {\n      id\n      name\n      key\n    }\n    queues {\n      id\n      name\n    }\n    users {\n      id\n      name\n    }\n    tags {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query InteractionList($first: Int!, $after: String, $filter: InteractionFilter, $orderBy: InteractionOrder) {\n    interactions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...InteractionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query InteractionList($first: Int!, $after: String, $filter: InteractionFilter, $orderBy: InteractionOrder) {\n    interactions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {\n      edges {\n        cursor\n        node {\n          ...InteractionFields\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n        hasPreviousPage\n        startCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptOffer($input: OfferInput!) {\n    acceptOffer(input: $input) {\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptOffer($input: OfferInput!) {\n    acceptOffer(input: $input) {\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RejectOffer($input: OfferInput!) {\n    rejectOffer(input: $input) {\n      offerId\n    }\n  }\n"): (typeof documents)["\n  mutation RejectOffer($input: OfferInput!) {\n    rejectOffer(input: $input) {\n      offerId\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AcceptTransfer($input: TransferInput!) {\n    acceptTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AcceptTransfer($input: TransferInput!) {\n    acceptTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RejectTransfer($input: TransferInput!) {\n    rejectTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RejectTransfer($input: TransferInput!) {\n    rejectTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query GrantedLists {\n    lists {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query GrantedLists {\n    lists {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateContact($input: CreateContactInput!) {\n    createContact(input: $input) {\n      contact {\n        id\n        displayName\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation LinkContact($input: LinkContactInput!) {\n    linkContact(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n        contact {\n          id\n          displayName\n          firstName\n          lastName\n          phones\n          mails\n          tags\n          masked\n          canEdit\n          list {\n            id\n            name\n          }\n          fields {\n            key\n            label\n            value\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation LinkContact($input: LinkContactInput!) {\n    linkContact(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n        contact {\n          id\n          displayName\n          firstName\n          lastName\n          phones\n          mails\n          tags\n          masked\n          canEdit\n          list {\n            id\n            name\n          }\n          fields {\n            key\n            label\n            value\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PanelContact($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        name\n        phone\n        username\n        displayName\n        masked\n      }\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        masked\n        canEdit\n        list {\n          id\n          name\n        }\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PanelContact($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        name\n        phone\n        username\n        displayName\n        masked\n      }\n      contact {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n        masked\n        canEdit\n        list {\n          id\n          name\n        }\n        fields {\n          key\n          label\n          value\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PanelInteraction($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n  }\n"): (typeof documents)["\n  query PanelInteraction($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PanelJourney($id: ID!) {\n    interaction(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PanelJourney($id: ID!) {\n    interaction(id: $id) {\n      id\n      journey(first: 50) {\n        edges {\n          cursor\n          node {\n            ...InteractionFields\n          }\n        }\n        pageInfo {\n          hasNextPage\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PanelStory($id: ID!) {\n    interaction(id: $id) {\n      id\n      timeline {\n        id\n        at\n        code\n        reason\n        seconds\n        by {\n          id\n          name\n        }\n        agents {\n          id\n          name\n        }\n        queue {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query PanelStory($id: ID!) {\n    interaction(id: $id) {\n      id\n      timeline {\n        id\n        at\n        code\n        reason\n        seconds\n        by {\n          id\n          name\n        }\n        agents {\n          id\n          name\n        }\n        queue {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query KnownTags {\n    tags {\n      id\n      name\n      color\n    }\n  }\n"): (typeof documents)["\n  query KnownTags {\n    tags {\n      id\n      name\n      color\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddTag($input: TagInput!) {\n    addTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddTag($input: TagInput!) {\n    addTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveTag($input: TagInput!) {\n    removeTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RemoveTag($input: TagInput!) {\n    removeTag(input: $input) {\n      interaction {\n        id\n        tags\n        tagsCollapsed\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Realtime {\n    realtime {\n      queues {\n        ...QueueFields\n      }\n      agents {\n        open\n        capacity\n        presence {\n          state\n          reason\n          since\n        }\n        user {\n          id\n          name\n          presence {\n            state\n            reason\n            since\n          }\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Realtime {\n    realtime {\n      queues {\n        ...QueueFields\n      }\n      agents {\n        open\n        capacity\n        presence {\n          state\n          reason\n          since\n        }\n        user {\n          id\n          name\n          presence {\n            state\n            reason\n            since\n          }\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsAccounts {\n    accounts {\n      id\n      name\n      key\n      channel\n      provider\n      displayNumber\n      disabled\n      attachments\n      maxAttachmentBytes\n      transferToAgent\n      transferToQueue\n      transferTimeout\n      mandatoryDispose\n      archived\n      settings {\n        phoneNumberId\n        businessId\n        baseUrl\n        apiVersion\n        webhookPath\n        createContacts\n        markAsRead\n        windowHours\n        ratePerSecond\n        queue {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n        list {\n          id\n          name\n        }\n        secrets {\n          name\n          last4\n          replacedAt\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query SettingsAccounts {\n    accounts {\n      id\n      name\n      key\n      channel\n      provider\n      displayNumber\n      disabled\n      attachments\n      maxAttachmentBytes\n      transferToAgent\n      transferToQueue\n      transferTimeout\n      mandatoryDispose\n      archived\n      settings {\n        phoneNumberId\n        businessId\n        baseUrl\n        apiVersion\n        webhookPath\n        createContacts\n        markAsRead\n        windowHours\n        ratePerSecond\n        queue {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n        list {\n          id\n          name\n        }\n        secrets {\n          name\n          last4\n          replacedAt\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveAccount($input: SaveAccountInput!) {\n    saveAccount(input: $input) {\n      account {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveAccount($input: SaveAccountInput!) {\n    saveAccount(input: $input) {\n      account {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsCanned {\n    cannedAnswers {\n      id\n      shortcut\n      title\n      text\n      accountId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query SettingsCanned {\n    cannedAnswers {\n      id\n      shortcut\n      title\n      text\n      accountId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveCannedAnswer($input: SaveCannedAnswerInput!) {\n    saveCannedAnswer(input: $input) {\n      cannedAnswer {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveCannedAnswer($input: SaveCannedAnswerInput!) {\n    saveCannedAnswer(input: $input) {\n      cannedAnswer {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsDispositions {\n    dispositions {\n      id\n      label\n      parentId\n      level\n      scope\n      scopeId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query SettingsDispositions {\n    dispositions {\n      id\n      label\n      parentId\n      level\n      scope\n      scopeId\n      archived\n    }\n    accounts {\n      id\n      name\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveDisposition($input: SaveDispositionInput!) {\n    saveDisposition(input: $input) {\n      disposition {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveDisposition($input: SaveDispositionInput!) {\n    saveDisposition(input: $input) {\n      disposition {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsLists {\n    lists {\n      id\n      name\n      description\n      archived\n      fields {\n        key\n        label\n        type\n        required\n        options\n      }\n    }\n  }\n"): (typeof documents)["\n  query SettingsLists {\n    lists {\n      id\n      name\n      description\n      archived\n      fields {\n        key\n        label\n        type\n        required\n        options\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveList($input: SaveListInput!) {\n    saveList(input: $input) {\n      list {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveList($input: SaveListInput!) {\n    saveList(input: $input) {\n      list {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsPolicy {\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n      disconnectAfter\n      missedOffersLimit\n      maskName {\n        mode\n        keep\n      }\n      maskPhone {\n        mode\n        keep\n      }\n      maskMail {\n        mode\n        keep\n      }\n    }\n  }\n"): (typeof documents)["\n  query SettingsPolicy {\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n      disconnectAfter\n      missedOffersLimit\n      maskName {\n        mode\n        keep\n      }\n      maskPhone {\n        mode\n        keep\n      }\n      maskMail {\n        mode\n        keep\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SavePolicy($input: SavePolicyInput!) {\n    savePolicy(input: $input) {\n      policy {\n        pauseReasons\n        tagThreshold\n        tabsLimit\n        disconnectAfter\n        missedOffersLimit\n        maskName {\n          mode\n          keep\n        }\n        maskPhone {\n          mode\n          keep\n        }\n        maskMail {\n          mode\n          keep\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SavePolicy($input: SavePolicyInput!) {\n    savePolicy(input: $input) {\n      policy {\n        pauseReasons\n        tagThreshold\n        tabsLimit\n        disconnectAfter\n        missedOffersLimit\n        maskName {\n          mode\n          keep\n        }\n        maskPhone {\n          mode\n          keep\n        }\n        maskMail {\n          mode\n          keep\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsQueues {\n    queues {\n      id\n      name\n      description\n      strategy\n      offerTimeout\n      weight\n      take\n      sticky\n      silentOwner\n      archived\n      members {\n        id\n        name\n      }\n    }\n    users {\n      id\n      name\n      role\n    }\n  }\n"): (typeof documents)["\n  query SettingsQueues {\n    queues {\n      id\n      name\n      description\n      strategy\n      offerTimeout\n      weight\n      take\n      sticky\n      silentOwner\n      archived\n      members {\n        id\n        name\n      }\n    }\n    users {\n      id\n      name\n      role\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveQueue($input: SaveQueueInput!) {\n    saveQueue(input: $input) {\n      queue {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveQueue($input: SaveQueueInput!) {\n    saveQueue(input: $input) {\n      queue {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Archive($input: ArchiveInput!) {\n    archive(input: $input) {\n      id\n    }\n  }\n"): (typeof documents)["\n  mutation Archive($input: ArchiveInput!) {\n    archive(input: $input) {\n      id\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsTags {\n    tags {\n      id\n      name\n      color\n      archived\n    }\n  }\n"): (typeof documents)["\n  query SettingsTags {\n    tags {\n      id\n      name\n      color\n      archived\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveTag($input: SaveTagInput!) {\n    saveTag(input: $input) {\n      tag {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveTag($input: SaveTagInput!) {\n    saveTag(input: $input) {\n      tag {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query SettingsUsers {\n    users {\n      id\n      name\n      alias\n      role\n      disabled\n      settings {\n        login\n        mail\n        permissions\n        masked\n        capacity\n        lists {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  query SettingsUsers {\n    users {\n      id\n      name\n      alias\n      role\n      disabled\n      settings {\n        login\n        mail\n        permissions\n        masked\n        capacity\n        lists {\n          id\n          name\n        }\n        queues {\n          id\n          name\n        }\n      }\n    }\n    queues {\n      id\n      name\n    }\n    lists {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SaveUser($input: SaveUserInput!) {\n    saveUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SaveUser($input: SaveUserInput!) {\n    saveUser(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation GrantLists($input: GrantListsInput!) {\n    grantLists(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation GrantLists($input: GrantListsInput!) {\n    grantLists(input: $input) {\n      user {\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      token\n    }\n  }\n"): (typeof documents)["\n  mutation CreateToken($input: CreateTokenInput!) {\n    createToken(input: $input) {\n      token\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Assignable($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        displayName\n      }\n    }\n    users {\n      id\n      name\n      role\n      disabled\n      presence {\n        state\n        reason\n        since\n      }\n    }\n  }\n"): (typeof documents)["\n  query Assignable($id: ID!) {\n    interaction(id: $id) {\n      id\n      customer {\n        displayName\n      }\n    }\n    users {\n      id\n      name\n      role\n      disabled\n      presence {\n        state\n        reason\n        since\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Assign($input: AssignInteractionInput!) {\n    assignInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Assign($input: AssignInteractionInput!) {\n    assignInteraction(input: $input) {\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TransferTargets($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n    transferTargets(interactionId: $id) {\n      agents {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      queues {\n        id\n        name\n        available\n      }\n    }\n  }\n"): (typeof documents)["\n  query TransferTargets($id: ID!) {\n    interaction(id: $id) {\n      ...InteractionFields\n    }\n    transferTargets(interactionId: $id) {\n      agents {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      queues {\n        id\n        name\n        available\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RequestTransfer($input: RequestTransferInput!) {\n    requestTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation RequestTransfer($input: RequestTransferInput!) {\n    requestTransfer(input: $input) {\n      transfer {\n        ...TransferFields\n      }\n      interaction {\n        ...InteractionFields\n        id\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n        fragment _ on MessageEdge {\n          cursor\n          node {\n            id\n          }\n        }\n      "): (typeof documents)["\n        fragment _ on MessageEdge {\n          cursor\n          node {\n            id\n          }\n        }\n      "];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MyPresence {\n    me {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  query MyPresence {\n    me {\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment InteractionFields on Interaction {\n    id\n    number\n    channel\n    status\n    waiting\n    waitingSince\n    startedAt\n    acceptedAt\n    closedAt\n    lastMessageAt\n    lastMessageDirection\n    lastMessageStatus\n    preview\n    unread\n    read\n    unmanaged\n    tags\n    tagsCollapsed\n    windowExpiresAt\n    disposition\n    dispositionDue\n    actions\n    draft\n    account {\n      id\n      key\n      name\n    }\n    queue {\n      id\n      name\n    }\n    customer {\n      name\n      phone\n      username\n      displayName\n      masked\n    }\n    contact {\n      id\n      displayName\n    }\n    owner {\n      id\n      name\n    }\n    firstOwner {\n      id\n      name\n    }\n    closedBy {\n      id\n      name\n    }\n    transfer {\n      id\n      state\n      expiresAt\n      requestedAt\n      note\n      mine\n      from {\n        id\n        name\n      }\n      toAgent {\n        id\n        name\n      }\n      toQueue {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  fragment InteractionFields on Interaction {\n    id\n    number\n    channel\n    status\n    waiting\n    waitingSince\n    startedAt\n    acceptedAt\n    closedAt\n    lastMessageAt\n    lastMessageDirection\n    lastMessageStatus\n    preview\n    unread\n    read\n    unmanaged\n    tags\n    tagsCollapsed\n    windowExpiresAt\n    disposition\n    dispositionDue\n    actions\n    draft\n    account {\n      id\n      key\n      name\n    }\n    queue {\n      id\n      name\n    }\n    customer {\n      name\n      phone\n      username\n      displayName\n      masked\n    }\n    contact {\n      id\n      displayName\n    }\n    owner {\n      id\n      name\n    }\n    firstOwner {\n      id\n      name\n    }\n    closedBy {\n      id\n      name\n    }\n    transfer {\n      id\n      state\n      expiresAt\n      requestedAt\n      note\n      mine\n      from {\n        id\n        name\n      }\n      toAgent {\n        id\n        name\n      }\n      toQueue {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OfferFields on Offer {\n    id\n    state\n    offeredAt\n    expiresAt\n    waitingSince\n    firstMessage\n    queue {\n      id\n      name\n    }\n    takenBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n"): (typeof documents)["\n  fragment OfferFields on Offer {\n    id\n    state\n    offeredAt\n    expiresAt\n    waitingSince\n    firstMessage\n    queue {\n      id\n      name\n    }\n    takenBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TransferFields on Transfer {\n    id\n    state\n    note\n    requestedAt\n    expiresAt\n    mine\n    from {\n      id\n      name\n    }\n    toAgent {\n      id\n      name\n    }\n    toQueue {\n      id\n      name\n    }\n    acceptedBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n"): (typeof documents)["\n  fragment TransferFields on Transfer {\n    id\n    state\n    note\n    requestedAt\n    expiresAt\n    mine\n    from {\n      id\n      name\n    }\n    toAgent {\n      id\n      name\n    }\n    toQueue {\n      id\n      name\n    }\n    acceptedBy {\n      id\n      name\n    }\n    interaction {\n      ...InteractionFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment MessageFields on Message {\n    id\n    interactionId\n    position\n    author\n    kind\n    text\n    forwarded\n    edited\n    revoked\n    erased\n    status\n    mark\n    failure\n    failureCode\n    retriedBy\n    sentAt\n    recordedAt\n    acceptedAt\n    deliveredAt\n    readAt\n    delayed\n    by {\n      id\n      name\n      alias\n    }\n    media {\n      state\n      mimeType\n      fileName\n      size\n      url\n      animated\n    }\n    location {\n      latitude\n      longitude\n      name\n      address\n    }\n    cards {\n      name\n      phones\n      mails\n    }\n    quoted {\n      id\n      author\n      kind\n      text\n    }\n    reactions {\n      emoji\n      author\n    }\n  }\n"): (typeof documents)["\n  fragment MessageFields on Message {\n    id\n    interactionId\n    position\n    author\n    kind\n    text\n    forwarded\n    edited\n    revoked\n    erased\n    status\n    mark\n    failure\n    failureCode\n    retriedBy\n    sentAt\n    recordedAt\n    acceptedAt\n    deliveredAt\n    readAt\n    delayed\n    by {\n      id\n      name\n      alias\n    }\n    media {\n      state\n      mimeType\n      fileName\n      size\n      url\n      animated\n    }\n    location {\n      latitude\n      longitude\n      name\n      address\n    }\n    cards {\n      name\n      phones\n      mails\n    }\n    quoted {\n      id\n      author\n      kind\n      text\n    }\n    reactions {\n      emoji\n      author\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment QueueFields on Queue {\n    id\n    name\n    waiting\n    waitingSince\n    inHands\n    available\n  }\n"): (typeof documents)["\n  fragment QueueFields on Queue {\n    id\n    name\n    waiting\n    waitingSince\n    inHands\n    available\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Live($after: String) {\n    live(after: $after) {\n      position\n      resync\n      removed\n      settings\n      interactions {\n        ...InteractionFields\n      }\n      offers {\n        ...OfferFields\n      }\n      transfers {\n        ...TransferFields\n      }\n      queues {\n        ...QueueFields\n      }\n      users {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      contacts {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription Live($after: String) {\n    live(after: $after) {\n      position\n      resync\n      removed\n      settings\n      interactions {\n        ...InteractionFields\n      }\n      offers {\n        ...OfferFields\n      }\n      transfers {\n        ...TransferFields\n      }\n      queues {\n        ...QueueFields\n      }\n      users {\n        id\n        name\n        presence {\n          state\n          reason\n          since\n        }\n      }\n      contacts {\n        id\n        displayName\n        firstName\n        lastName\n        phones\n        mails\n        tags\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ConversationLive($id: ID!, $after: String) {\n    conversation(interactionId: $id, after: $after) {\n      position\n      resync\n      interaction {\n        ...InteractionFields\n      }\n      messages {\n        ...MessageFields\n      }\n      watchers {\n        typing\n        user {\n          id\n          name\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription ConversationLive($id: ID!, $after: String) {\n    conversation(interactionId: $id, after: $after) {\n      position\n      resync\n      interaction {\n        ...InteractionFields\n      }\n      messages {\n        ...MessageFields\n      }\n      watchers {\n        typing\n        user {\n          id\n          name\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Desk {\n    me {\n      role\n      permissions\n      masked\n      user {\n        id\n        name\n        alias\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n    }\n  }\n"): (typeof documents)["\n  query Desk {\n    me {\n      role\n      permissions\n      masked\n      user {\n        id\n        name\n        alias\n      }\n      presence {\n        state\n        reason\n        since\n        interactionId\n      }\n    }\n    policy {\n      pauseReasons\n      tagThreshold\n      tabsLimit\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Sessions {\n    sessions {\n      ...InteractionFields\n    }\n    offers {\n      ...OfferFields\n    }\n    transfers {\n      ...TransferFields\n    }\n  }\n"): (typeof documents)["\n  query Sessions {\n    sessions {\n      ...InteractionFields\n    }\n    offers {\n      ...OfferFields\n    }\n    transfers {\n      ...TransferFields\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Messages($id: ID!, $last: Int!, $before: String) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        attachments\n        maxAttachmentBytes\n      }\n      messages(last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Messages($id: ID!, $last: Int!, $before: String) {\n    interaction(id: $id) {\n      ...InteractionFields\n      account {\n        id\n        attachments\n        maxAttachmentBytes\n      }\n      messages(last: $last, before: $before) {\n        edges {\n          cursor\n          node {\n            ...MessageFields\n          }\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;