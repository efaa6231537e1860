"""The same scoring on engines that compute where the data lie."""
