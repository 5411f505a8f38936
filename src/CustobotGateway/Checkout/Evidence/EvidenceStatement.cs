using System.Text.Json;
using CustobotGateway.Checkout.Orders;
using CustobotGateway.Common;
using CustobotGateway.Common.Events;

namespace CustobotGateway.Checkout.Evidence;

/// <summary>Who bought, as far as it was proved.</summary>
/// <param name="ClientId">The agent's client.</param>
/// <param name="Person">For whom it acted.</param>
/// <param name="GrantId">The grant under which it acted.</param>
/// <param name="ActChain">Who acted for whom, the person first: each acts for the one before it.</param>
/// <param name="Caller">What the caller was taken for when it bought: class, score, reasons; null where nobody asked.</param>
public sealed record EvidenceIdentity(string ClientId, string Person, string GrantId, IReadOnlyList<string> ActChain, JsonElement? Caller);

/// <summary>A mandate and what was left of it in the instant before the order was paid.</summary>
/// <param name="MandateId">The mandate.</param>
/// <param name="Mandate">As it was granted.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Total">Its limit for all orders, or null.</param>
/// <param name="Spent">Paid from it and not refunded, before.</param>
/// <param name="Held">Held of it for other orders.</param>
/// <param name="Left">What was left of the limit; null without one.</param>
/// <param name="Paid">What this order took.</param>
public sealed record EvidenceMandate(string MandateId, JsonElement Mandate, string Currency, long? Total, long Spent, long Held, long? Left, long Paid);

/// <summary>The grant as it was when the order was paid, read from its own history.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Version">The version of the event that says that the order was paid; null where the history says nothing of it.</param>
/// <param name="Status"><c>active</c> or <c>paused</c>, as it was then.</param>
/// <param name="GivenAt">When it was given.</param>
/// <param name="Mandates">The mandates with what was left of each.</param>
public sealed record EvidenceGrant(string GrantId, int? Version, string Status, DateTimeOffset? GivenAt, IReadOnlyList<EvidenceMandate> Mandates);

/// <summary>The payment.</summary>
/// <param name="Id"><c>pay_…</c></param>
/// <param name="Handler">The provider.</param>
/// <param name="Reference">The provider's name for it, or null.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Amount">How much.</param>
/// <param name="Captured">What was charged.</param>
/// <param name="Refunded">What went back.</param>
public sealed record EvidencePayment(string Id, string Handler, string? Reference, string State, Money Amount, long Captured, long Refunded);

/// <summary>A history, each event with a hash that covers the hash before it.</summary>
/// <param name="Stream">Whose.</param>
/// <param name="Events">The oldest first.</param>
/// <param name="Complete">Whether these are all of them up to the last one here; else the first ones are left out.</param>
public sealed record EvidenceHistory(string Stream, IReadOnlyList<EventLine> Events, bool Complete);

/// <summary>Everything that is known of an order, for whoever has to judge it. The same state of things gives the same bytes.</summary>
/// <param name="Format">Of this statement: <c>custobot-evidence/1</c>.</param>
/// <param name="Issuer">The gateway that says so; its keys are at <c>/oauth/jwks</c> below it.</param>
/// <param name="Order">The order as it stands.</param>
/// <param name="Identity">Who bought.</param>
/// <param name="Grant">What it was allowed, and what was left of it.</param>
/// <param name="Payment">How it was paid; null where there is no payment.</param>
/// <param name="Histories">Of the order, the session, the grant up to the payment, and the negotiation where there was one.</param>
/// <param name="Hooks">Deliveries of the order's events to subscribers; empty where none are known.</param>
public sealed record EvidenceStatement(
    string Format, string Issuer, Order Order, EvidenceIdentity Identity, EvidenceGrant Grant, EvidencePayment? Payment, IReadOnlyList<EvidenceHistory> Histories, IReadOnlyList<JsonElement> Hooks);

/// <summary>A statement, and the same signed.</summary>
/// <param name="Statement">To be read.</param>
/// <param name="Jws">To be verified: a compact JWS (RFC 7515) of type <c>evidence+jws</c>, whose payload is the statement in canonical JSON, by a key of the gateway's published set.</param>
public sealed record SignedEvidence(EvidenceStatement Statement, string Jws);
