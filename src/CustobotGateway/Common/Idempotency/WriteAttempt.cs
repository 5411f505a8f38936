using System.Security.Cryptography;
using System.Text;

namespace CustobotGateway.Common.Idempotency;

/// <summary>A write that a caller asks for, and may ask for again when the answer was lost.</summary>
/// <param name="Agent">Who asks; keys of different principals do not meet.</param>
/// <param name="Path">What is asked: the operation and the resource, for example <c>checkout_sessions/cks_…/complete</c>.</param>
/// <param name="Key">The caller's <c>Idempotency-Key</c>; null when it sent none, and a repetition then is a second write.</param>
/// <param name="Request">The request's body.</param>
public sealed record WriteAttempt(AgentPrincipal Agent, string Path, string? Key, object Request)
{
    /// <summary>The longest key that is taken.</summary>
    public const int MaxKeyLength = 255;

    // Principal, path and key are one entry of an index, which holds some 2,700 bytes.
    private const int MaxIndexed = 256;

    /// <summary>What is asked. A name of any length may be part of it: of a long one a digest stands here.</summary>
    public string Path { get; } = Indexable(Path);

    /// <summary>Whose keys these are: the grant, since two agents of one client are two principals, else the client with the person that it acts for.</summary>
    public string Principal => Indexable(Agent.GrantId ?? (Agent is { ClientId: { } client, OnBehalfOf: { } person } ? $"{client} {person}" : Agent.ClientId ?? "anonymous"));

    /// <summary>Equal for bodies that mean the same.</summary>
    public byte[] RequestHash => field ??= SHA256.HashData(CanonicalJson.Of(Request));

    /// <summary>What its answer is kept under; there is a key.</summary>
    public WriteKey KeptUnder => new(Principal, Path, Key!, RequestHash);

    /// <summary>Whether the key has the form of one.</summary>
    public bool HasValidKey => Key is null || (Key.Length is > 0 and <= MaxKeyLength && Key.All(letter => letter is > ' ' and < '\x7f'));

    private static string Indexable(string text) => text.Length <= MaxIndexed ? text : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What an answer is kept under.</summary>
/// <param name="Principal">Whose key it is: <see cref="WriteAttempt.Principal"/>.</param>
/// <param name="Path">What was asked.</param>
/// <param name="Key">The caller's <c>Idempotency-Key</c>.</param>
/// <param name="RequestHash">Of the request's body: another body under the same key is refused.</param>
public sealed record WriteKey(string Principal, string Path, string Key, byte[] RequestHash);
