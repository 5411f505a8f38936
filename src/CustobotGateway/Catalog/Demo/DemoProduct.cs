namespace CustobotGateway.Catalog.Demo;

/// <summary>A product of the demo shop.</summary>
/// <param name="ExternalId">The shop's own key.</param>
/// <param name="Line">The product as a line of NDJSON in UTF-8, without a line end: members named like attributes, <c>id</c> and <c>provenance</c>.</param>
/// <param name="Stock">What lies where, or which slots are free.</param>
public sealed record DemoProduct(string ExternalId, ReadOnlyMemory<byte> Line, IReadOnlyList<DemoStock> Stock);

/// <summary>Stock of a demo product.</summary>
/// <param name="Location">The warehouse, or the place of a service.</param>
/// <param name="StartsAt">When a bookable slot starts; null for goods.</param>
/// <param name="OnHand">How many are there.</param>
public sealed record DemoStock(string Location, DateTimeOffset? StartsAt, int OnHand);
