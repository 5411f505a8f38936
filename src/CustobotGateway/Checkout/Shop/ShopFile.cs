using System.Text.Json;
using CustobotGateway.Common;
using CustobotGateway.Common.Http;

namespace CustobotGateway.Checkout.Shop;

/// <summary>Where the shop's settings come from.</summary>
public sealed record ShopOptions
{
    /// <summary>The file of the settings that hold until staff set others; empty for none.</summary>
    public string File { get; init; } = "";
}

/// <summary>The file that the shop's settings come from until staff set others.</summary>
/// <param name="Settings">What it says; nothing where there is none.</param>
internal sealed record ShopFile(ShopSettings Settings)
{
    private const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Reads it; a file that cannot be read or is wrong stops the start and says where.</summary>
    public static ShopFile Read(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return new ShopFile(ShopSettings.Empty);
        }
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxBytes)
            {
                throw new InvalidOperationException($"The shop's settings {path} have more than {MaxBytes} bytes.");
            }
            var settings = JsonSerializer.Deserialize<ShopSettings>(File.ReadAllBytes(path), Json.Options) ?? throw new InvalidOperationException($"The shop's settings {path} are empty.");
            return Validation.Check(new ShopSettingsValidator(), settings) is { } problem
                ? throw new InvalidOperationException($"The shop's settings {path} are wrong: {string.Join(" ", problem.Errors.Select(error => $"{error.Pointer}: {error.Detail}"))}")
                : new ShopFile(settings);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or WireException)
        {
            throw new InvalidOperationException($"The shop's settings {path} cannot be read: {exception.Message}", exception);
        }
    }
}
