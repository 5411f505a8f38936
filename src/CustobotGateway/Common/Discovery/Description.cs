namespace CustobotGateway.Common.Discovery;

/// <summary>Something that describes the gateway or a part of it, or a door to it. What is registered is found by a stranger who knows only the host name.</summary>
/// <param name="Path">Under the public address.</param>
/// <param name="Relation">The link relation: <c>service-desc</c> for machines, <c>service-doc</c> for people, <c>status</c>, <c>service-meta</c>, <c>item</c> for a door or another API (RFC 8631, RFC 9727).</param>
/// <param name="MediaType">What is answered there.</param>
/// <param name="Title">A few words.</param>
/// <param name="Text">One sentence: what it is for.</param>
public sealed record Description(string Path, string Relation, string MediaType, string Title, string Text);
