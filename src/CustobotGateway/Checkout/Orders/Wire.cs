using System.Text.Json;

namespace CustobotGateway.Checkout.Orders;

/// <summary>Words of enumerations as they are stored, which is as they are sent.</summary>
internal static class Wire
{
    /// <summary>The word of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>The value of a word that was stored.</summary>
    public static T To<T>(string word)
        where T : struct, Enum => Find<T>(word) ?? throw new InvalidOperationException($"{word} is no {typeof(T).Name}.");

    /// <summary>The value of a word; null if there is none.</summary>
    public static T? Find<T>(string? word)
        where T : struct, Enum => word is null ? null : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(value => Of(value!.Value) == word);
}
