namespace CustobotGateway.Common.Goods;

/// <summary>An attribute as people read it.</summary>
/// <param name="Key">Its key in the registry.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Unit">The unit of its values as UCUM writes it; null without one.</param>
public sealed record GoodsAttribute(string Key, string Title, string? Unit);

/// <summary>What categories and attributes are called. Who shows mandates and preferences to people knows no catalogue, so whoever does registers this.</summary>
public interface IGoodsWords
{
    /// <summary>The category in words; its name where nobody gave it any.</summary>
    string CategoryTitle(string category);

    /// <summary>The attribute of that key; null if there is none.</summary>
    GoodsAttribute? Attribute(string key);

    /// <summary>The attributes that can be wished for, by title.</summary>
    IReadOnlyList<GoodsAttribute> Attributes { get; }
}
