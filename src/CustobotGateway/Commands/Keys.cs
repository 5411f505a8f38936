using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Identity.Keys;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.Commands;

/// <summary><c>./gateway keys …</c>: shows and changes what tokens are signed with, also while gateways run.</summary>
public static class Keys
{
    private const string Now = "--now", Drop = "--drop";

    private static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    /// <summary>The verb.</summary>
    public static Verb Verb { get; } = new()
    {
        Name = "keys",
        Operands = "list | rotate",
        Summary = "Show or change the keys that tokens are signed with",
        Help = """
            Prints JSON. 'rotate' announces a new key in the key set and lets it take over when every cache knows it (Identity:Keys:AnnouncedHours); keys rotate by
            themselves, so it is seldom needed. --now lets it sign at once, for when a key has to go soon. --drop is for a key that leaked: all others are gone
            at once with every token that they signed. Every running gateway follows within a second.
            """,
        Options = [new(Now, null, "rotate: the new key signs at once; the old ones still verify"), new(Drop, null, "rotate: the old keys are gone at once, with their tokens"), .. Offline.Options],
        RunAsync = RunAsync,
    };

    private sealed record Key(string KeyId, string Algorithm, KeyState State, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil, DateTimeOffset PublishedUntil);

    private static async Task<int> RunAsync(Words words, CancellationToken cancellationToken)
    {
        if (words.Operands is not (["list"] or ["rotate"]))
        {
            throw CommandException.Usage("what 'keys' does is list or rotate.");
        }
        await using var gateway = await Offline.OpenAsync(GatewayOptions.Read(words), cancellationToken);
        var ring = gateway.Services.GetRequiredService<SigningKeyRing>();
        var clock = gateway.Services.GetRequiredService<TimeProvider>();
        if (words.Operands is ["rotate"])
        {
            // A key that signs from now on does so by the time at which it is told.
            var next = await ring.RotateAsync(words.Has(Now), words.Has(Drop), cancellationToken);
            Print(Of(next, clock.GetUtcNow()));
            return ExitCode.Done;
        }
        await ring.ReadAsync(cancellationToken);
        Print(ring.Periods.Select(period => Of(period, clock.GetUtcNow())));
        return ExitCode.Done;
    }

    private static Key Of(KeyPeriod period, DateTimeOffset now) =>
        new(period.KeyId, period.Algorithm, period.StateAt(now), period.SignsFrom, period.SignsUntil, period.PublishedUntil);

    private static void Print<T>(T value) => System.Console.Out.WriteLine(JsonSerializer.Serialize(value, Indented));
}
