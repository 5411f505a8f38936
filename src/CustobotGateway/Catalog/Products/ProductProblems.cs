using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Products;

/// <summary>The refusals of product operations.</summary>
public static class ProductProblems
{
    /// <summary>No such product, or one that was withdrawn.</summary>
    public static readonly ProblemType ProductNotFound = new("product_not_found", 404, "There is no such product",
        "No product has this id or external id, or it was withdrawn. Ids look like prd_0000000000001; a merchant's own key is named external_id:KEY.");

    /// <summary>Values that the registry does not take.</summary>
    public static readonly ProblemType InvalidProduct = new("invalid_product", 422, "The product has values that cannot be taken",
        "One or more attributes are unknown, or their values have another type, an unknown unit or are out of range; errors names each by JSON Pointer. Nothing was written.");

    /// <summary>The product was changed by others again and again.</summary>
    public static readonly ProblemType ProductContended = new("product_contended", 409, "The product is being changed by others",
        "Other writers changed the product each time this change was about to be written. Repeat the request.");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<ProblemType> All = [ProductNotFound, InvalidProduct, ProductContended];

    internal static Problem NotFound(ProductReference reference) => ProductNotFound.With(
        $"There is no product '{reference}'.", remedy: new Remedy("Search for products, or list them.", "/v1/products"));
}
