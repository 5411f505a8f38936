using CustobotGateway.OAuth.Clients;

namespace CustobotGateway.OAuth.Dpop;

/// <summary>A proof that passed every check but the last: that it was not used before (RFC 9449 §4.3).</summary>
/// <param name="Thumbprint">The key that was proved.</param>
/// <param name="Use">To be claimed by <see cref="Storage.IReplays"/> when everything else about the request is right.</param>
/// <param name="WantsNextNonce">True if the answer should carry a fresh nonce, because this one is near its end (RFC 9449 §8.2).</param>
public sealed record DpopProof(string Thumbprint, OneTimeUse Use, bool WantsNextNonce);

/// <summary>What a request is, for the proof to be about it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Uri">The address by the configured public URL, never by the Host header.</param>
/// <param name="AccessToken">The token that comes with it, for <c>ath</c>; null at the authorization server.</param>
/// <param name="RequiresNonce">Whether the proof has to have a nonce. One that is sent is checked in any case.</param>
public sealed record DpopRequest(string Method, string Uri, string? AccessToken = null, bool RequiresNonce = false);
