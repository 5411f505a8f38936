namespace CustobotGateway.Catalog;

/// <summary>How much the registry holds.</summary>
public static class AttributeLimits
{
    /// <summary>Attributes in all.</summary>
    public const int Attributes = 4096;

    /// <summary>Listed terms of one attribute.</summary>
    public const int Values = 10_000;

    /// <summary>Synonyms of one term or one attribute.</summary>
    public const int Synonyms = 100;

    /// <summary>Categories, mappings and languages of one attribute.</summary>
    public const int Names = 1000;

    /// <summary>Characters of a key.</summary>
    public const int KeyLength = 64;

    /// <summary>Characters of a title, term, synonym or category.</summary>
    public const int TitleLength = 200;

    /// <summary>Characters of a description.</summary>
    public const int DescriptionLength = 2000;

    /// <summary>Bytes of a request that registers attributes.</summary>
    public const int BodyBytes = 16 << 20;

    /// <summary>Keys that every product has by itself.</summary>
    public static readonly IReadOnlyList<string> ReservedKeys = ["id", "external_id"];
}
